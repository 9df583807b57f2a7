package org.blockrecurrent.raptor.controls;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.VisionTransformer;

/** Computes nothing: x_ℓ = x₀ at every depth. What a surrogate explains beyond this is its own. */
public record IdentityMap(int layers, TokenLayout layout) implements LayerMap {
    /** Of the depth and the tokens of a model. */
    public static IdentityMap of(VisionTransformer model) {
        return new IdentityMap(model.layers(), model.layout());
    }

    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
        return x.scale(1);
    }
}
