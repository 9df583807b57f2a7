package org.blockrecurrent.vit.training;

import org.blockrecurrent.tensor.optim.AdamW;
import org.jspecify.annotations.Nullable;

/**
 * Where a training run stands; with the parameters and the moments of {@link AdamW}, all that is needed to continue it to
 * the same bits.
 *
 * @param step steps done
 * @param unreportedSteps steps since the last point of the curve
 * @param unreportedLoss sum of their losses; null if it is not finite
 * @param curve what was reported so far
 */
public record TrainingPosition(
        int step, int unreportedSteps, @Nullable Double unreportedLoss, LearningCurve curve) {
    /** Before the first step. */
    public static final TrainingPosition START = new TrainingPosition(0, 0, 0.0, LearningCurve.EMPTY);
}
