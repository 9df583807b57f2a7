package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/**
 * Multi-head self-attention, {@code softmax(q kᵀ/√Dh) v} per head, without mask. Keeps qkv, y and the log-sum-exp of each
 * row of scores; the (B, H, N, N) weights are never stored but computed again (Dao et al., arXiv 2205.14135).
 * 4·B·N²·D flops forward.
 */
public record AttentionOp(Tensor qkv, int heads, Tensor y, Tensor lse) implements Op {

    /** {@code (B, N, 3D) → (B, N, D)}; queries, keys and values of all heads side by side, D = heads · Dh. */
    public static Tensor forward(Tensor qkv, int heads) {
        qkv.requireRank("attention, qkv", 3, "(B, N, 3D)");
        int D = qkv.dim(2) / 3;
        if (heads < 1 || qkv.dim(2) % 3 != 0 || D % heads != 0) {
            throw new ShapeException(
                    "attention: qkv " + qkv.shape() + " does not hold three times " + heads + " heads");
        }
        Tensor y = qkv.backend().empty(Shape.of(qkv.dim(0), qkv.dim(1), D));
        Tensor lse = qkv.requiresGradient() ? qkv.backend().empty(Shape.of(qkv.dim(0), heads, qkv.dim(1))) : null;
        qkv.backend().attention().attention(y, lse, qkv, heads);
        return y.recordedBy(new AttentionOp(qkv, heads, y, lse));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(qkv);
    }

    @Override
    public List<Tensor> saved() {
        return Op.present(lse);
    }

    /**
     * Per head, with weights P = exp(scores − lse) and δ_i = Σ dy_i ⊙ y_i:
     * {@code dv = Pᵀ dy}, {@code dS = P ⊙ (dy vᵀ − δ)/√Dh}, {@code dq = dS k}, {@code dk = dSᵀ q}.
     */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        dy.backend().attention().attentionBackward(gradients.into(qkv), dy, y, qkv, lse, heads);
    }
}
