package org.blockrecurrent.raptor.store;

import java.util.function.Consumer;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.raptor.training.TrajectoryBatches;
import org.blockrecurrent.raptor.training.TrajectorySource;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.BatchOrder;

/**
 * Trajectories from an activation store, without images and without the teacher's forward pass. Images that share a chunk stay
 * together when their order is shuffled: rows of chunks are shuffled, and the images inside each row. Every chunk is decoded
 * once in a pass, in threads of their own and ahead of the training.
 */
public final class StoredTrajectories implements TrajectorySource {
    private final ActivationStore store;
    private final TokenLayout layout;

    /** Throws unless the states of the store can be this teacher's. */
    public StoredTrajectories(ActivationStore store, VisionTransformer teacher) {
        store.requireFits(teacher);
        this.store = store;
        layout = teacher.layout();
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public int images() {
        return store.images();
    }

    @Override
    public int together() {
        return store.imagesPerChunk();
    }

    @Override
    public TrajectoryBatches open(RaptorTraining training, int epochs, long seed) {
        int batch = training.batchSize();
        if (training.augment() || training.smallestCrop() < 1) {
            throw new InvalidInputException("the states of an activation store are of images as they are; "
                    + "train without augmentation, or with the teacher on the fly");
        }
        if (batch > images()) {
            throw new InvalidInputException("a batch of " + batch + " needs more images than the " + images() + " of "
                    + store.where() + "; lower it");
        }
        requireMemory(batch);
        BatchOrder order = new BatchOrder(images(), together(), true, seed);
        return new StoredBatches(store, layout, order, batch, images() / batch * batch, epochs);
    }

    /** The trajectories of the first images in their order, batch after batch; a trajectory goes when the visitor's call ends. */
    public void forEach(Backend backend, int batch, int firstImages, Consumer<Trajectory> visitor) {
        requireMemory(batch);
        int shown = Math.min(firstImages, images());
        BatchOrder order = new BatchOrder(images(), together(), false, 0);
        try (StoredBatches batches = new StoredBatches(store, layout, order, batch, shown, 1)) {
            for (int step = 0; step < batches.perEpoch(); step++) {
                try (Scope scope = backend.openScope()) {
                    visitor.accept(batches.at(backend, step));
                }
            }
        }
    }

    private void requireMemory(int batch) {
        HeapRoom.require(
                StoredBatches.memory(store, batch),
                "reading " + store.where() + ", which keeps " + together() + " images in a chunk,",
                "");
    }
}
