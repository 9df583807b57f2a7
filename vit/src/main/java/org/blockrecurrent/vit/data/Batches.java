package org.blockrecurrent.vit.data;

import java.util.function.Consumer;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.vit.image.Normalization;

/**
 * Cuts an image set into batches, either shuffled anew in every epoch and augmented, or in order and as they are. The
 * batch of a step is a function of the step, so that a resumed run sees what the first one would have seen; images on
 * disk are read ahead of the thread that asks ({@link AheadLoader}).
 *
 * <p>An image that cannot be read is left out of an evaluation, and in training replaced by the next one of its batch.
 *
 * <p>Host buffers are used again from batch to batch: one batch at a time, one thread.
 */
public final class Batches {
    private final BatchSource source;
    private final Normalization normalization;
    private final BatchLoader loader;

    private Batches(ImageSet set, Normalization normalization, int batch, Augmentation augmentation, BatchOrder order) {
        if (batch < 1) {
            throw new InvalidInputException("the batch size must be positive, got " + batch);
        }
        if (normalization.channels() != set.channels()) {
            throw new InvalidInputException(set.name() + " has " + set.channels() + " channels, the normalization "
                    + normalization.channels() + "; use the data set that the model was trained on");
        }
        this.normalization = normalization;
        source = new BatchSource(set, normalization, batch, augmentation, order);
        loader = set.isOnDisk() ? new AheadLoader(source) : BatchLoader.direct(source);
    }

    /** Shuffled and augmented; what is left over at the end of an epoch is not shown in it. */
    public static Batches training(
            ImageSet set, Normalization normalization, int batch, Augmentation augmentation, long seed) {
        if (batch > set.count()) {
            throw new InvalidInputException("a batch of " + batch + " needs more images than the " + set.count()
                    + " of " + set.name() + "; lower it");
        }
        return new Batches(set, normalization, batch, augmentation, new BatchOrder(set.count(), true, seed));
    }

    /** Every image once, in order; the last batch may be smaller. */
    public static Batches evaluation(ImageSet set, Normalization normalization, int batch) {
        return new Batches(set, normalization, batch, Augmentation.NONE, new BatchOrder(set.count(), false, 0));
    }

    public ImageSet set() {
        return source.set();
    }

    public Normalization normalization() {
        return normalization;
    }

    /** Images in every batch but perhaps the last one of an evaluation. */
    public int batch() {
        return source.batch();
    }

    /** Batches in one pass over the set. */
    public int perEpoch() {
        return source.perEpoch();
    }

    /** The batch of a step, counted from 0 over all epochs; throws if none of its images can be read. */
    public ImageBatch at(Backend backend, int step) {
        HostBatch batch = loader.load(step);
        if (batch.size() == 0) {
            throw new InvalidInputException("none of the images of batch " + step + " of " + set().name()
                    + " can be read: " + set().skipped().get(0));
        }
        return batch.on(backend, set());
    }

    /** One pass: each batch in order, in a scope of its own. A batch of which nothing can be read is passed over. */
    public void forEach(Backend backend, Consumer<ImageBatch> visitor) {
        for (int step = 0; step < perEpoch(); step++) {
            try (Scope scope = backend.openScope()) {
                HostBatch batch = loader.load(step);
                if (batch.size() > 0) {
                    visitor.accept(batch.on(backend, set()));
                }
            }
        }
    }
}
