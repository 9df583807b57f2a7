package org.blockrecurrent.vit.data;

import java.util.Arrays;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;

/**
 * Cuts an image set into batches, either shuffled anew in every epoch and augmented, or in order and as they are. The
 * batch of a step is a function of the step, so that a resumed run sees what the first one would have seen.
 *
 * <p>Host buffers are used again from batch to batch: one batch at a time, one thread.
 */
public final class Batches {
    private final ImageSet set;
    private final Normalization normalization;
    private final Augmentation augmentation;
    private final BatchOrder order;
    private final float[][] levels;
    private final Buffers full;
    private final Buffers last;
    private int currentEpoch = -1;
    private int[] current = new int[0];

    /** What one batch is filled into on the host. */
    private record Buffers(float[] pixels, float[] labels, int[] indices) {
        static Buffers of(int batch, int pixelsPerImage) {
            return new Buffers(new float[Math.multiplyExact(batch, pixelsPerImage)], new float[batch], new int[batch]);
        }
    }

    private Batches(ImageSet set, Normalization normalization, int batch, Augmentation augmentation, BatchOrder order) {
        if (batch < 1) {
            throw new InvalidInputException("the batch size must be positive, got " + batch);
        }
        if (normalization.channels() != set.channels()) {
            throw new InvalidInputException(set.name() + " has " + set.channels() + " channels, the normalization "
                    + normalization.channels() + "; use the data set that the model was trained on");
        }
        this.set = set;
        this.normalization = normalization;
        this.augmentation = augmentation;
        this.order = order;
        levels = new float[set.channels()][];
        Arrays.setAll(levels, normalization::levels);
        int pixels = set.channels() * set.height() * set.width();
        full = Buffers.of(Math.min(batch, set.count()), pixels);
        int rest = set.count() % full.indices().length;
        last = rest == 0 ? full : Buffers.of(rest, pixels);
    }

    /** Shuffled and augmented; what is left over at the end of an epoch is not shown in it. */
    public static Batches training(
            ImageSet set, Normalization normalization, int batch, Augmentation augmentation, long seed) {
        return training(set, normalization, batch, augmentation, 1, seed);
    }

    /** As above, but runs of {@code together} images stay together: {@link BatchOrder}. */
    public static Batches training(
            ImageSet set, Normalization normalization, int batch, Augmentation augmentation, int together, long seed) {
        if (batch > set.count()) {
            throw new InvalidInputException("a batch of " + batch + " needs more images than the " + set.count()
                    + " of " + set.name() + "; lower it");
        }
        return new Batches(set, normalization, batch, augmentation, new BatchOrder(set.count(), together, true, seed));
    }

    /** Every image once, in order; the last batch may be smaller. */
    public static Batches evaluation(ImageSet set, Normalization normalization, int batch) {
        return new Batches(set, normalization, batch, Augmentation.NONE, new BatchOrder(set.count(), 1, false, 0));
    }

    public ImageSet set() {
        return set;
    }

    public Normalization normalization() {
        return normalization;
    }

    /** Images in every batch but perhaps the last one of an evaluation. */
    public int batch() {
        return full.indices().length;
    }

    /** Batches in one pass over the set. */
    public int perEpoch() {
        return order.shuffled() ? set.count() / batch() : (set.count() + batch() - 1) / batch();
    }

    /** The batch of a step, counted from 0 over all epochs. */
    public ImageBatch at(Backend backend, int step) {
        int epoch = step / perEpoch();
        int from = step % perEpoch() * batch();
        Buffers buffers = from + batch() <= set.count() ? full : last;
        int B = buffers.indices().length;
        int[] images = images(epoch);
        for (int i = 0; i < B; i++) {
            int image = images[from + i];
            buffers.indices()[i] = image;
            buffers.labels()[i] = set.label(image);
            fill(buffers.pixels(), i, image, augmentation.motion(epoch, image));
        }
        return new ImageBatch(
                backend.tensor(Shape.of(B, set.channels(), set.height(), set.width()), buffers.pixels()),
                backend.tensor(Shape.of(B), buffers.labels()),
                buffers.indices());
    }

    private int[] images(int epoch) {
        if (epoch != currentEpoch) {
            current = order.of(epoch);
            currentEpoch = epoch;
        }
        return current;
    }

    private void fill(float[] target, int position, int image, Augmentation.Motion motion) {
        int offset = position * set.channels() * set.height() * set.width();
        for (int channel = 0; channel < set.channels(); channel++) {
            float[] value = levels[channel];
            for (int row = 0; row < set.height(); row++) {
                for (int column = 0; column < set.width(); column++) {
                    target[offset++] = value[source(image, channel, row, column, motion)];
                }
            }
        }
    }

    /** The level that a pixel of the moved image comes from; black from outside. */
    private int source(int image, int channel, int row, int column, Augmentation.Motion motion) {
        int fromRow = row - motion.dy();
        int fromColumn = (motion.mirrored() ? set.width() - 1 - column : column) - motion.dx();
        boolean inside = fromRow >= 0 && fromRow < set.height() && fromColumn >= 0 && fromColumn < set.width();
        return inside ? set.pixel(image, channel, fromRow, fromColumn) : 0;
    }
}
