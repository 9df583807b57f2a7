package org.blockrecurrent.raptor;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;
import org.jspecify.annotations.Nullable;

/** For each layer, its block and its depth scales, ready to be used. */
final class Unrolled implements LayerMap {
    private final RecurrentBlock[] blocks;
    private final DepthScale.Scales[] scales;
    private final TokenLayout layout;
    private final Retention retention;

    Unrolled(int depth, TokenLayout layout, Retention retention) {
        blocks = new RecurrentBlock[depth];
        scales = new DepthScale.Scales[depth];
        this.layout = layout;
        this.retention = retention;
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
        RecurrentBlock block = blocks[layer - 1];
        DepthScale.Scales ofLayer = scales[layer - 1];
        if (trace.looks()) {
            return block.forward(x, ofLayer, trace);
        }
        return retention.of(inputs(x, ofLayer), () -> block.forward(x, ofLayer, trace));
    }

    private static List<Tensor> inputs(Tensor x, DepthScale.@Nullable Scales scales) {
        return scales == null ? List.of(x) : List.of(x, scales.attention(), scales.mlp(), scales.output());
    }
}
