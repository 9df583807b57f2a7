package org.blockrecurrent.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.blockrecurrent.dynamics.report.PhaseBand;
import org.blockrecurrent.raptor.evaluation.BlockRecurrence;
import org.blockrecurrent.raptor.evaluation.RaptorEvaluation;
import org.blockrecurrent.raptor.evaluation.TrajectoryR2;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.training.LearningCurve;

/**
 * What is known of a Raptor, for tables and charts.
 *
 * @param evaluation beside the teacher, on held-out images
 * @param probeAccuracy on held-out images, read by a linear probe trained on the Raptor's last state; NaN if there is one
 *     class only
 * @param curves of its training
 */
record RaptorResult(
        Phases phases, RaptorEvaluation evaluation, double probeAccuracy, Map<String, LearningCurve> curves) {

    /** {@code raptor k=3}. */
    static String label(int k) {
        return "raptor k=" + k;
    }

    String label() {
        return label(phases.blocks());
    }

    /** Share of held-out images right, read by the teacher's own head. */
    double accuracy() {
        return evaluation.accuracy();
    }

    TrajectoryR2 r2() {
        return evaluation.r2();
    }

    BlockRecurrence.Result epsilon() {
        return evaluation.recurrence();
    }

    List<PhaseBand> bands() {
        return PhaseFigures.bands(phases);
    }

    /** How near its last state comes to the teacher's, in words. */
    String closeness() {
        return label() + ", cosine to the teacher's last state: " + Format.decimals(evaluation.clsCosine(), 3)
                + " (cls), " + Format.decimals(evaluation.patchCosine(), 3) + " (patches)";
    }

    /** 1 … L. */
    double[] depths() {
        return IntStream.rangeClosed(1, r2().depth()).asDoubleStream().toArray();
    }

    double[] r2ByDepth(TokenGroup group) {
        return IntStream.rangeClosed(1, r2().depth())
                .mapToDouble(layer -> r2().of(layer, group))
                .toArray();
    }

    Summary.OfRaptor summary() {
        return new Summary.OfRaptor(
                phases.blocks(),
                PhaseFigures.asOption(phases),
                accuracy(),
                probeAccuracy,
                r2().mean(),
                epsilon().largest(),
                epsilon().largestRelative());
    }
}
