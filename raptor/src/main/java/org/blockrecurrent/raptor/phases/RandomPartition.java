package org.blockrecurrent.raptor.phases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.random.Philox;

/** Partitions by chance: what the phases that were found are compared with. The same seed gives the same partition. */
public final class RandomPartition {
    private RandomPartition() {}

    /** k phases of at least {@code minLength} layers; every such partition is equally likely. */
    public static Phases contiguous(int layers, int k, int minLength, long seed) {
        PhaseSplitter.requireRoom(layers, k, minLength);
        // Choosing k−1 of the positions that remain once every phase has its minimum length is a bijection.
        int slots = layers - k * (minLength - 1) - 1;
        int[] order = Philox.stream(seed, "random contiguous partition").permutation(slots);
        int[] chosen = Arrays.copyOf(order, k - 1);
        Arrays.sort(chosen);
        int[] ends = new int[k];
        for (int i = 0; i < k - 1; i++) {
            ends[i] = chosen[i] + 1 + (i + 1) * (minLength - 1);
        }
        ends[k - 1] = layers;
        return Phases.endingAt(ends);
    }

    /**
     * The same number of layers for every block, but dealt out at random; not contiguous. A shuffle that happens to be
     * contiguous is drawn again, so that the control is what its name says.
     */
    public static LayerAssignment shuffled(Phases phases, long seed) {
        int[] blocks = phases.toArray();
        if (phases.blocks() == 1 || phases.blocks() == blocks.length) {
            return phases; // one block for all, or one for each: there is nothing to shuffle
        }
        for (int attempt = 0; ; attempt++) {
            Philox random = new Philox(seed, Philox.streamOf("shuffled partition"), attempt);
            LayerAssignment shuffled = inOrderOfFirstUse(random.permutation(blocks.length), blocks);
            if (shuffled instanceof ScatteredLayers) {
                return shuffled;
            }
        }
    }

    /** Blocks are counted from 0 in the order in which depth first uses them. */
    private static LayerAssignment inOrderOfFirstUse(int[] order, int[] blocks) {
        List<Integer> seen = new ArrayList<>();
        int[] shuffled = new int[blocks.length];
        for (int i = 0; i < shuffled.length; i++) {
            int block = blocks[order[i]];
            if (!seen.contains(block)) {
                seen.add(block);
            }
            shuffled[i] = seen.indexOf(block);
        }
        return LayerAssignment.of(shuffled);
    }
}
