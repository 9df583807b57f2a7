package org.blockrecurrent.cli;

import java.util.List;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TeacherCard;

/**
 * The numbers that a run comes down to; {@code summary.json}.
 *
 * @param seconds on the clock, over all the times that the run was stopped and continued
 * @param peakBytes largest memory that the process has occupied
 */
record Summary(OfTeacher teacher, List<OfRaptor> raptors, double seconds, long peakBytes) {
    static final String FILE = "summary.json";

    /**
     * The teacher.
     *
     * @param accuracy share of the test images that it gets right; NaN for a published one, as the cross-entropy
     */
    record OfTeacher(double accuracy, double crossEntropy, int layers) {}

    /**
     * One surrogate.
     *
     * @param k number of blocks
     * @param phases as {@code --phases} takes them
     * @param accuracy share of the test images right, read by the teacher's own head; NaN if it has none for their classes
     * @param probeAccuracy the same, read by a linear probe trained on the surrogate's last state; NaN if there is one class only
     * @param r2 share of the teacher's variance explained, mean over all depths
     * @param epsilon largest over depths of the mean distance to the teacher's state (Frobenius)
     * @param relativeEpsilon the same, relative to the norm of the teacher's state at each depth
     */
    record OfRaptor(
            int k,
            String phases,
            double accuracy,
            double probeAccuracy,
            double r2,
            double epsilon,
            double relativeEpsilon) {}

    static Summary of(Teacher teacher, List<RaptorResult> raptors, RunClock.Cost cost) {
        TeacherCard card = teacher.card();
        double accuracy = card == null ? Double.NaN : card.accuracy();
        double crossEntropy = card == null ? Double.NaN : card.crossEntropy();
        return new Summary(
                new OfTeacher(accuracy, crossEntropy, teacher.config().layers()),
                raptors.stream().map(RaptorResult::summary).toList(),
                cost.seconds(),
                cost.peakBytes());
    }

    /** The closing table. */
    void print(Session session) {
        session.say("");
        session.say(
                "%-12s %-18s %10s %12s %12s %8s %10s",
                "model", "phases", "accuracy", "of teacher", "with probe", "R²", "relative ε");
        session.say("%-12s %-18s %10s", "teacher", "1-" + teacher.layers, Format.percent(teacher.accuracy));
        for (OfRaptor raptor : raptors) {
            session.say(
                    "%-12s %-18s %10s %12s %12s %8s %10s",
                    "raptor k=" + raptor.k,
                    raptor.phases,
                    Format.percent(raptor.accuracy),
                    Format.percent(raptor.accuracy / teacher.accuracy),
                    Format.percent(raptor.probeAccuracy),
                    Format.decimals(raptor.r2, 3),
                    Format.decimals(raptor.relativeEpsilon, 3));
        }
        session.say("%s, at most %d MiB of memory", Format.duration(seconds), peakBytes >> 20);
    }
}
