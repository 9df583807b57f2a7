package org.blockrecurrent.raptor.phases;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which block computes which layer. {@link Phases} is the assignment that a Raptor normally has, with every block's
 * layers in one run; {@link ScatteredLayers} is any other, for controls.
 */
public sealed interface LayerAssignment permits Phases, ScatteredLayers {
    /** L. */
    int layers();

    /** k, the number of distinct blocks. */
    int blocks();

    /** The block, from 0, that computes layer ℓ in 1 … L. */
    int blockOf(int layer);

    /** The maximal runs of consecutive layers of a block, in order of depth. One run for each block if contiguous. */
    default List<Phase> runsOf(int block) {
        List<Phase> runs = new ArrayList<>();
        for (int layer = 1; layer <= layers(); layer++) {
            if (blockOf(layer) == block) {
                int first = layer;
                while (layer < layers() && blockOf(layer + 1) == block) {
                    layer++;
                }
                runs.add(new Phase(first, layer));
            }
        }
        return runs;
    }

    /** The layers of a block, in order of depth. */
    default int[] layersOf(int block) {
        return IntStream.rangeClosed(1, layers())
                .filter(layer -> blockOf(layer) == block)
                .toArray();
    }

    /** {@code [0, 0, 0, 1, 1]}: the block of each layer 1 … L. */
    default int[] toArray() {
        int[] blocks = new int[layers()];
        for (int layer = 1; layer <= blocks.length; layer++) {
            blocks[layer - 1] = blockOf(layer);
        }
        return blocks;
    }

    /** From the block of each layer 1 … L: {@link Phases} if every block has one run and blocks stand in order of depth. */
    static LayerAssignment of(int... blockOfLayer) {
        ScatteredLayers scattered = new ScatteredLayers(blockOfLayer);
        boolean ordered = true;
        for (int i = 1; i < blockOfLayer.length; i++) {
            int step = blockOfLayer[i] - blockOfLayer[i - 1];
            ordered &= step == 0 || step == 1;
        }
        return ordered && blockOfLayer[0] == 0 ? Phases.ofRuns(scattered) : scattered;
    }
}
