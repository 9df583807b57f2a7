package org.blockrecurrent.raptor;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;

/** For each layer, its block and its depth scales, ready to be used. */
final class Unrolled implements LayerMap {
    private final RecurrentBlock[] blocks;
    private final DepthScale.Scales[] scales;
    private final TokenLayout layout;

    Unrolled(int depth, TokenLayout layout) {
        blocks = new RecurrentBlock[depth];
        scales = new DepthScale.Scales[depth];
        this.layout = layout;
    }

    void put(int layer, RecurrentBlock block, DepthScale.Scales ofLayer) {
        blocks[layer - 1] = block;
        scales[layer - 1] = ofLayer;
    }

    @Override
    public int layers() {
        return blocks.length;
    }

    @Override
    public TokenLayout layout() {
        return layout;
    }

    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
        if (layer < 1 || layer > blocks.length || blocks[layer - 1] == null) {
            throw new IllegalArgumentException("no block computes layer " + layer);
        }
        return blocks[layer - 1].forward(x, scales[layer - 1], trace);
    }
}
