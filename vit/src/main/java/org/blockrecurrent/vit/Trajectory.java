package org.blockrecurrent.vit;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;

/**
 * The states of one batch at every depth: {@code x_0 … x_L}, each (B, N, D). The tensors belong to the scope that was open
 * when the trajectory was made.
 */
public record Trajectory(List<Tensor> states, TokenLayout layout) {

    public Trajectory {
        states = List.copyOf(states);
        for (Tensor state : states) {
            state.require("trajectory", states.get(0).shape().dims());
        }
        if (states.get(0).dim(1) != layout.tokens()) {
            throw new IllegalArgumentException(layout + " does not describe states of shape "
                    + states.get(0).shape());
        }
    }

    /** Follows a layer map from x₀ (B, N, D) through all its layers. Intermediate values of a layer go with the layer. */
    public static Trajectory of(LayerMap map, Tensor x0) {
        return of(map, x0, 0);
    }

    /** Follows a layer map from the state after layer {@code start}: the states {@code x_start … x_L}. */
    public static Trajectory of(LayerMap map, Tensor xStart, int start) {
        List<Tensor> states = new ArrayList<>();
        states.add(xStart);
        Tensor x = xStart;
        for (int layer = start + 1; layer <= map.layers(); layer++) {
            try (Scope inner = x.backend().openScope()) {
                x = inner.keep(map.step(x, layer));
            }
            states.add(x);
        }
        return new Trajectory(states, map.layout());
    }

    /** L, the number of steps. */
    public int layers() {
        return states.size() - 1;
    }

    /** x_ℓ (B, N, D); {@code state(0)} is the embedding. */
    public Tensor state(int layer) {
        return states.get(layer);
    }

    /** B. */
    public int batch() {
        return states.get(0).dim(0);
    }

    /** D. */
    public int embedDim() {
        return states.get(0).dim(2);
    }
}
