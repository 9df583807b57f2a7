package org.blockrecurrent.raptor.training;

/** Where a training gets the teacher's trajectories from: computed on the fly, or from a store. */
public interface TrajectorySource {
    /** What the images are called in a Raptor's settings. */
    String name();

    /** Number of images. */
    int images();

    /** Images that stay together when their order is shuffled; 1 if none do. */
    int together();

    /**
     * The batches of a stage: in every epoch each image at most once, in an order that depends on seed and epoch alone. Throws
     * if these images cannot be had as the training wants them.
     */
    TrajectoryBatches open(RaptorTraining training, int epochs, long seed);
}
