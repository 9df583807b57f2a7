package org.blockrecurrent.tensor.backend;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;

/**
 * Multi-head self-attention without mask. {@code qkv} is {@code (B, N, 3·H·Dh)}: the queries of all heads, then the
 * keys, then the values, head after head. The scores of one head never leave the kernel.
 */
public interface AttentionKernels {
    /** {@code y = softmax(q kᵀ/√Dh) v}: {@code (B, N, 3D) → (B, N, D)}; {@code lse (B, H, N)} is the log-sum-exp of each row of scores, or null. */
    void attention(Tensor y, Tensor lse, Tensor qkv, int heads);

    /** {@code dqkv (B, N, 3D)} from {@code dy (B, N, D)}; the weights are computed again from the scores and lse. */
    void attentionBackward(Into dqkv, Tensor dy, Tensor y, Tensor qkv, Tensor lse, int heads);
}
