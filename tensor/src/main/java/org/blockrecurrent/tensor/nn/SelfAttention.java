package org.blockrecurrent.tensor.nn;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.AttentionOp;

/** Multi-head self-attention: one projection to queries, keys and values, one back; the residual branch that mixes tokens. */
public final class SelfAttention {
    private final Linear qkv;
    private final Linear proj;
    private final int heads;

    /** {@code qkv} maps D to 3D (queries, keys, values side by side), {@code proj} maps D to D. */
    public SelfAttention(Linear qkv, Linear proj, int heads) {
        this.qkv = qkv;
        this.proj = proj;
        this.heads = heads;
    }

    /** {@code (B, N, D) → (B, N, D)}: {@code residual + scale ⊙ attention(x)}; scale (G, D), or null for 1. Shows {@code qkv}
     * (B, N, 3D) and {@code attention}, the branch. */
    public Tensor residual(Tensor residual, Tensor scale, Tensor x, Trace trace) {
        Tensor projected = qkv.forward(x);
        trace.see("qkv", projected);
        Tensor mixed = AttentionOp.forward(projected, heads);
        Branch.show(trace, "attention", proj, scale, mixed);
        return proj.residual(residual, scale, mixed);
    }
}
