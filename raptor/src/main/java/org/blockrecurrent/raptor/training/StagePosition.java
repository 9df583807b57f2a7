package org.blockrecurrent.raptor.training;

import java.util.Map;
import org.blockrecurrent.vit.training.LearningCurve;

/**
 * Where a stage stands; with parameters and moments, all that is needed to continue it to the same bits.
 *
 * @param step steps done
 * @param unreportedSteps steps since the last point of the curves
 * @param unreportedLosses sum of their losses for each learner; null if it is not finite
 * @param curves of its learners so far
 */
record StagePosition(
        int step, int unreportedSteps, Map<String, Double> unreportedLosses, Map<String, LearningCurve> curves) {
    /** Before the first step. */
    static final StagePosition START = new StagePosition(0, 0, Map.of(), Map.of());
}
