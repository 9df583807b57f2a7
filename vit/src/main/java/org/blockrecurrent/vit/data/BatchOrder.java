package org.blockrecurrent.vit.data;

import org.blockrecurrent.tensor.random.Philox;

/**
 * In which order an epoch shows the images: as they are, or by a permutation that depends on seed and epoch alone. Where
 * images can be had in runs only, as from the chunks of a file, the runs are permuted, and the images inside each run.
 *
 * @param count number of images
 * @param together images of a run; 1 where any image may follow any other
 * @param shuffled whether each epoch has an order of its own
 */
public record BatchOrder(int count, int together, boolean shuffled, long seed) {

    /** The images 0 … count−1 as epoch {@code epoch} (from 0) shows them. */
    public int[] of(int epoch) {
        int[] order = new int[count];
        if (!shuffled) {
            for (int i = 0; i < count; i++) {
                order[i] = i;
            }
            return order;
        }
        int runs = (int) (((long) count + together - 1) / together);
        Philox inside = new Philox(seed, Philox.streamOf("batch order inside a run"), epoch);
        int filled = 0;
        for (int run : new Philox(seed, Philox.streamOf("batch order"), epoch).permutation(runs)) {
            int first = run * together;
            for (int image : inside.permutation(Math.min(together, count - first), first)) {
                order[filled++] = first + image;
            }
        }
        return order;
    }
}
