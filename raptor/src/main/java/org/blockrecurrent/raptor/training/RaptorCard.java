package org.blockrecurrent.raptor.training;

import java.util.Map;
import org.blockrecurrent.vit.training.LearningCurve;

/**
 * What a checkpoint says of a Raptor beside its parameters.
 *
 * @param settings what it was made with
 * @param curves of its training: {@code layers-1-4} and so on for the blocks of stage 1, {@code joint} for stage 2
 */
public record RaptorCard(RaptorSettings settings, Map<String, LearningCurve> curves) {
    /** The key of stage 2's curve. */
    public static final String JOINT = "joint";
}
