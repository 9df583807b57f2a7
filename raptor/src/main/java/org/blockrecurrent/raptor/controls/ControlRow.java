package org.blockrecurrent.raptor.controls;

import java.util.Locale;
import org.blockrecurrent.raptor.evaluation.RaptorEvaluation;
import org.blockrecurrent.vit.TokenGroup;

/**
 * One measurement.
 *
 * @param control what was measured, such as {@code found phases} or {@code shuffled layers}
 * @param k number of blocks; 0 where there are none
 * @param seed of the training and of the draws
 * @param assignment which layers share a block, or what was replaced
 * @param accuracy on the test images with the teacher's own head
 * @param retained accuracy over the teacher's
 * @param r2 mean over depths, all tokens
 * @param r2Cls mean over depths, cls
 * @param r2Patches mean over depths, patches
 * @param r2Last at the last depth, all tokens
 * @param relativeEpsilon largest over depths
 */
public record ControlRow(
        String control,
        int k,
        long seed,
        String assignment,
        double accuracy,
        double retained,
        double r2,
        double r2Cls,
        double r2Patches,
        double r2Last,
        double relativeEpsilon) {
    /** The header line of the CSV. */
    public static final String HEADER =
            "control,k,seed,assignment,accuracy,retained,r2,r2_cls,r2_patches,r2_last,relative_epsilon";

    static ControlRow of(String control, int k, long seed, String assignment, RaptorEvaluation evaluation) {
        return new ControlRow(
                control,
                k,
                seed,
                assignment,
                evaluation.accuracy(),
                evaluation.retainedAccuracy(),
                evaluation.r2().mean(),
                evaluation.r2().mean(TokenGroup.CLS),
                evaluation.r2().mean(TokenGroup.PATCHES),
                evaluation.r2().of(evaluation.r2().depth()),
                evaluation.recurrence().largestRelative());
    }

    String csv() {
        return String.format(
                Locale.ROOT,
                "%s,%d,%d,\"%s\",%s,%s,%s,%s,%s,%s,%s",
                control,
                k,
                seed,
                assignment,
                accuracy,
                retained,
                r2,
                r2Cls,
                r2Patches,
                r2Last,
                relativeEpsilon);
    }
}
