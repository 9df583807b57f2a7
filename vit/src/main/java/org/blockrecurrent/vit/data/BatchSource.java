package org.blockrecurrent.vit.data;

import java.util.Arrays;
import org.blockrecurrent.vit.image.Normalization;

/** What the batch of each step holds, and how one of its images becomes floats. */
final class BatchSource {
    private final ImageSet set;
    private final Augmentation augmentation;
    private final BatchOrder order;
    private final int batch;
    private final float[][] values;
    private int currentEpoch = -1;
    private int[] current = new int[0];

    BatchSource(ImageSet set, Normalization normalization, int batch, Augmentation augmentation, BatchOrder order) {
        this.set = set;
        this.augmentation = augmentation;
        this.order = order;
        this.batch = Math.min(batch, set.count());
        values = new float[set.channels()][];
        Arrays.setAll(values, normalization::levels);
    }

    ImageSet set() {
        return set;
    }

    /** Images in every batch but perhaps the last one of an evaluation. */
    int batch() {
        return batch;
    }

    /** Batches in one pass over the set. */
    int perEpoch() {
        return order.shuffled() ? set.count() / batch : (set.count() + batch - 1) / batch;
    }

    /** Whether whoever asks for the batch of one step will go on to that of a later one: an evaluation ends with its pass. */
    boolean goesOn(int step, int later) {
        return order.shuffled() || step / perEpoch() == later / perEpoch();
    }

    HostBatch newBatch() {
        return new HostBatch(batch, set.levels());
    }

    /** Says which images a batch is to hold. Called by one thread. */
    void begin(HostBatch target, int step) {
        int epoch = step / perEpoch();
        if (epoch != currentEpoch) {
            current = order.of(epoch);
            currentEpoch = epoch;
        }
        int from = step % perEpoch() * batch;
        target.begin(epoch, current, from, Math.min(batch, set.count() - from));
    }

    /** Reads one image of a batch. Called by any thread, once for each position. */
    void fill(HostBatch target, int position, byte[] levels) {
        int image = target.image(position);
        int epoch = target.epoch();
        if (set.read(image, augmentation.crop(epoch, image), levels)) {
            move(levels, augmentation.motion(epoch, image), target.pixels(), target.offset(position));
            target.filled(position, set.label(image));
        }
    }

    /** What is left when all positions have been read: a training step keeps its size, an evaluation shows nothing twice. */
    void settle(HostBatch target) {
        if (order.shuffled()) {
            target.fillGaps();
        } else {
            target.close();
        }
    }

    private void move(byte[] levels, Augmentation.Motion motion, float[] target, int offset) {
        for (int channel = 0; channel < set.channels(); channel++) {
            float[] value = values[channel];
            for (int row = 0; row < set.height(); row++) {
                for (int column = 0; column < set.width(); column++) {
                    target[offset++] = value[level(levels, channel, row, column, motion)];
                }
            }
        }
    }

    /** The level that a pixel of the moved image comes from; black from outside. */
    private int level(byte[] levels, int channel, int row, int column, Augmentation.Motion motion) {
        int fromRow = row - motion.dy();
        int fromColumn = (motion.mirrored() ? set.width() - 1 - column : column) - motion.dx();
        boolean inside = fromRow >= 0 && fromRow < set.height() && fromColumn >= 0 && fromColumn < set.width();
        return inside ? levels[(channel * set.height() + fromRow) * set.width() + fromColumn] & 0xFF : 0;
    }
}
