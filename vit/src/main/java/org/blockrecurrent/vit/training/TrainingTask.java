package org.blockrecurrent.vit.training;

import java.nio.file.Path;
import org.blockrecurrent.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** What a {@link TrainingLoop} trains: everything about a training that differs from model to model. */
public interface TrainingTask {
    /** What is being trained, such as {@code teacher} or {@code raptor k=3, stage 2}. */
    String what();

    /**
     * The loss of a step, a scalar with its history, computed in the current scope. It must depend on the step, counted from
     * 1, and on nothing that an earlier step left behind but the parameters.
     */
    Tensor loss(int step);

    /** Share λ of the teacher-forced loss in a step, where there is one. */
    default double teacherForcing(int step) {
        return 0;
    }

    /** Accuracy after a step, where it is to be measured then; else null. */
    default @Nullable Double accuracy(int step) {
        return null;
    }

    /** Saves parameters, moments and position so that a later run continues from here; returns the file. */
    Path save(TrainingPosition position);
}
