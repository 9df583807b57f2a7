package org.blockrecurrent.raptor.controls;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;

/** Computes nothing: x_ℓ = x₀ at every depth. What a surrogate explains beyond this is its own. */
public record IdentityMap(int layers, TokenLayout layout) implements LayerMap {
    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
        return x.scale(1);
    }
}
