package org.blockrecurrent.raptor;

import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;

/** A recurrent block with the layers that it computes: what stage 1 trains, and what a {@link Raptor} is made of. */
public final class PhaseBlock implements Surrogate {
    private final RecurrentBlock block;
    private final int[] layers;
    private final Tensor numbers;
    private final int depth;
    private final TokenLayout layout;

    /**
     * Takes its parameters under the names of the official block.
     *
     * @param layers the layers that it computes, in 1 … {@code depth}
     * @param depth L
     */
    public PhaseBlock(RaptorConfig config, int[] layers, int depth, TokenLayout layout, ParameterSource source) {
        this.block = new RecurrentBlock(config, source);
        this.layers = layers.clone();
        this.numbers = DepthScale.numbers(source.backend(), layers);
        this.depth = depth;
        this.layout = layout;
    }

    /** L of the teacher, of which this block computes some. */
    @Override
    public int layers() {
        return depth;
    }

    @Override
    public TokenLayout layout() {
        return layout;
    }

    /** Any layer of the teacher may be asked for; the depth scale was trained for this block's own. */
    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
        if (layer < 1 || layer > depth) {
            throw new InvalidInputException("layer " + layer + " is not in 1 … " + depth);
        }
        return block.forward(x, layer, trace);
    }

    @Override
    public LayerMap unrolled(Retention retention) {
        Unrolled unrolled = new Unrolled(depth, layout, retention);
        addTo(unrolled);
        return unrolled;
    }

    /** Computes the scales of this block's layers. */
    void addTo(Unrolled unrolled) {
        List<DepthScale.Scales> scales = block.scales(numbers);
        for (int i = 0; i < layers.length; i++) {
            unrolled.put(layers[i], block, scales == null ? null : scales.get(i));
        }
    }
}
