package org.blockrecurrent.dynamics;

import java.util.List;
import org.blockrecurrent.vit.Trajectory;

/**
 * A quantity measured over a stream of trajectories: batches are accepted one by one, and thousands of images never lie in
 * memory together. One measure follows one model; measures of the same kind that saw successive parts of a stream can be
 * merged in the order of the parts, which gives what one pass would have given up to the rounding of sums.
 */
public interface Measure {
    /** The name that heads its rows, such as {@code angular-speed}. */
    String name();

    /**
     * Takes the next batch.
     *
     * @param labels the class of each image, or an empty array where classes are unknown and the measure does not need them
     */
    void accept(HostTrajectory states, int[] labels);

    /** As {@link #accept(HostTrajectory, int[])}, from tensors. {@link Analysis} reads them once for all its measures. */
    default void accept(Trajectory trajectory, int[] labels) {
        accept(HostTrajectory.read(trajectory), labels);
    }

    /**
     * Adds what another measure of the same kind has seen, as the part of the stream that follows this one's. The other stays as
     * it is. Throws an IllegalArgumentException if it is of another kind.
     */
    void merge(Measure other);

    /** The other measure, if it is of the same kind as one that it is to be merged into. */
    static <M extends Measure> M sameKind(Class<M> kind, Measure other) {
        if (!kind.isInstance(other)) {
            throw new IllegalArgumentException(other.name() + " cannot be merged into a " + kind.getSimpleName());
        }
        return kind.cast(other);
    }

    /** The rows of the table for what was seen so far, under the name of the model. */
    List<MeasureTable.Row> result(String model);
}
