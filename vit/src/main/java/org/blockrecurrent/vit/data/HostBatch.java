package org.blockrecurrent.vit.data;

import java.util.Arrays;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;

/**
 * A batch in host memory: told which images it is to hold, then filled, each position by one thread, then settled, and
 * used again for another batch.
 */
final class HostBatch {
    private final int levels;
    private final float[] pixels;
    private final float[] labels;
    private final int[] indices;
    private final boolean[] readable;
    private int epoch;
    private int size;

    HostBatch(int batch, int levels) {
        this.levels = levels;
        pixels = new float[Math.multiplyExact(batch, levels)];
        labels = new float[batch];
        indices = new int[batch];
        readable = new boolean[batch];
    }

    /** From now on, images {@code from} … {@code from + n − 1} of an epoch's order. */
    void begin(int itsEpoch, int[] order, int from, int n) {
        epoch = itsEpoch;
        size = n;
        System.arraycopy(order, from, indices, 0, n);
        Arrays.fill(readable, false);
    }

    int epoch() {
        return epoch;
    }

    /** B: how many images it is to hold, and once settled, how many it holds. */
    int size() {
        return size;
    }

    int image(int position) {
        return indices[position];
    }

    /** Where the pixels of a position begin in {@link #pixels}. */
    int offset(int position) {
        return position * levels;
    }

    float[] pixels() {
        return pixels;
    }

    /** The pixels of a position are there. */
    void filled(int position, int label) {
        labels[position] = label;
        readable[position] = true;
    }

    /** Closes the gaps that unreadable images have left: the batch becomes smaller. */
    void close() {
        int kept = 0;
        for (int position = 0; position < size; position++) {
            if (readable[position]) {
                copy(position, kept++);
            }
        }
        size = kept;
    }

    /** Fills each gap with the next image of the batch that could be read, so that the batch keeps its size. */
    void fillGaps() {
        for (int position = 0; position < size; position++) {
            for (int step = 1; step < size && !readable[position]; step++) {
                int next = (position + step) % size;
                if (readable[next]) {
                    copy(next, position);
                    break;
                }
            }
        }
        boolean any = false;
        for (int position = 0; position < size; position++) {
            any |= readable[position];
        }
        size = any ? size : 0;
    }

    private void copy(int from, int to) {
        if (from != to) {
            System.arraycopy(pixels, offset(from), pixels, offset(to), levels);
            labels[to] = labels[from];
            indices[to] = indices[from];
        }
    }

    ImageBatch on(Backend backend, ImageSet set) {
        boolean full = size == indices.length;
        return new ImageBatch(
                backend.tensor(
                        Shape.of(size, set.channels(), set.height(), set.width()),
                        full ? pixels : Arrays.copyOf(pixels, size * levels)),
                backend.tensor(Shape.of(size), full ? labels : Arrays.copyOf(labels, size)),
                full ? indices : Arrays.copyOf(indices, size));
    }
}
