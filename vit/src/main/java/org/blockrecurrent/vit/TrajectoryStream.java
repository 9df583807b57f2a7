package org.blockrecurrent.vit;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageBatch;

/** The trajectories of a data set, batch after batch: thousands of images never lie in memory together. */
public final class TrajectoryStream {

    /** Receives the trajectories of one batch, in order. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * The trajectory's tensors, and anything computed here, go when the call ends.
         *
         * @param labels class of each image of the batch
         */
        void accept(Trajectory trajectory, int[] labels);
    }

    private TrajectoryStream() {}

    /**
     * Embeds every batch with the teacher and follows a layer map (the teacher's own, or a surrogate's) through it.
     *
     * @param batches from {@link Batches#evaluation}
     */
    public static void forEach(
            VisionTransformer teacher, LayerMap map, Backend backend, Batches batches, Visitor visitor) {
        batches.forEach(
                backend,
                batch -> visitor.accept(Trajectory.of(map, teacher.embed(batch.images())), labels(batches, batch)));
    }

    private static int[] labels(Batches batches, ImageBatch batch) {
        int[] labels = new int[batch.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = batches.set().label(batch.indices()[i]);
        }
        return labels;
    }
}
