package org.blockrecurrent.raptor.training;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.Trajectory;

/** The teacher's trajectories, batch after batch. One batch at a time, one thread. */
public interface TrajectoryBatches extends AutoCloseable {
    /** B. */
    int batch();

    /** Batches in one pass over the images. */
    int perEpoch();

    /** The states x₀ … x_L of the images of a step, counted from 0 over all epochs; in the backend's current scope. */
    Trajectory at(Backend backend, int step);

    @Override
    void close();
}
