package org.blockrecurrent.dynamics;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;

/** The layers of another map in an order drawn at random: what depends on their order is lost, what they are is kept. */
public final class ShuffledLayers implements LayerMap {
    private final LayerMap map;
    private final int[] order;

    /** The order is a function of the seed and the number of layers. */
    public ShuffledLayers(LayerMap map, long seed) {
        this.map = map;
        order = Philox.stream(seed, "shuffled layers").permutation(map.layers());
    }

    @Override
    public int layers() {
        return map.layers();
    }

    @Override
    public TokenLayout layout() {
        return map.layout();
    }

    /** Which layer of the original stands in place of {@code layer}, both in 1 … L. */
    public int original(int layer) {
        return order[layer - 1] + 1;
    }

    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
        return map.step(x, original(layer), trace);
    }
}
