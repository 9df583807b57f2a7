package org.blockrecurrent.dynamics;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;

/** The baseline that does nothing: every state equals x₀. */
public record IdentityMap(int layers, TokenLayout layout) implements LayerMap {
    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
        return x;
    }
}
