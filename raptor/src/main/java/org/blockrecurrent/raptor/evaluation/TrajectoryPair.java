package org.blockrecurrent.raptor.evaluation;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.Trajectory;

/** What every comparison of a surrogate with its teacher asks of the two trajectories. */
final class TrajectoryPair {
    private TrajectoryPair() {}

    /** Throws unless both have the same depth and states of the same shape. */
    static void require(Trajectory teacher, Trajectory surrogate) {
        if (teacher.layers() != surrogate.layers()) {
            throw new InvalidInputException(
                    "teacher and surrogate have " + teacher.layers() + " and " + surrogate.layers() + " layers");
        }
        surrogate
                .state(0)
                .require("surrogate's states", teacher.state(0).shape().dims());
    }
}
