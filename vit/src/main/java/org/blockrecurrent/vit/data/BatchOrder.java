package org.blockrecurrent.vit.data;

import org.blockrecurrent.tensor.random.Philox;

/**
 * In which order an epoch shows the images: as they are, or by a permutation that depends on seed and epoch alone.
 *
 * @param count number of images
 * @param shuffled whether each epoch has an order of its own
 */
record BatchOrder(int count, boolean shuffled, long seed) {

    /** The images 0 … count−1 as epoch {@code epoch} (from 0) shows them. */
    int[] of(int epoch) {
        if (shuffled) {
            return new Philox(seed, Philox.streamOf("batch order"), epoch).permutation(count);
        }
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        return order;
    }
}
