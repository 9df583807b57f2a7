package org.blockrecurrent.vit;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Trace;

/** What teacher and surrogate have in common: {@code x_ℓ = step(x_{ℓ−1}, ℓ)} for ℓ = 1 … L. */
public interface LayerMap {
    /** L. */
    int layers();

    TokenLayout layout();

    /** {@code (B, N, D) → (B, N, D)}: the state after layer ℓ from the state before it; {@code layer} is in 1 … L. */
    Tensor step(Tensor x, int layer, Trace trace);

    default Tensor step(Tensor x, int layer) {
        return step(x, layer, Trace.NONE);
    }
}
