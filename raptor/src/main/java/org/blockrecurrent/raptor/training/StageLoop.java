package org.blockrecurrent.raptor.training;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.optim.TeacherForcingSchedule;
import org.blockrecurrent.tensor.optim.WarmupCosine;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.training.LearningCurve;
import org.blockrecurrent.vit.training.TrainingListener;
import org.blockrecurrent.vit.training.TrainingPace;
import org.blockrecurrent.vit.training.TrainingProgress;
import org.blockrecurrent.vit.training.TrainingStoppedException;

/**
 * The steps of one stage: the teacher's trajectory of each batch is had once, without gradients, and every learner takes a
 * step on it. The teacher's forward pass, or the decoding of what it left, is a good part of the cost, and is thus paid once
 * for all blocks.
 *
 * <p>A step never waits for the device; losses are read at reports.
 */
final class StageLoop {
    /** Saves the learners and the position; returns the file. */
    interface Saver {
        Path save(StagePosition position);
    }

    private static final double NANOS_PER_SECOND = 1e9;
    private static final int MOST_BAD_REPORTS = 2;

    private final String what;
    private final TrajectoryBatches batches;
    private final List<Learner> learners;
    private final WarmupCosine learningRate;
    private final TeacherForcingSchedule teacherForcing;
    private final TrainingPace pace;
    private final Map<String, LearningCurve> curves = new LinkedHashMap<>();
    private final Map<String, Integer> badReports = new LinkedHashMap<>();
    private long lastReportNanos;
    private int lastReportStep;

    /** {@code what} is what a progress bar says. */
    StageLoop(
            String what,
            TrajectoryBatches batches,
            List<Learner> learners,
            RaptorTraining.Stage stage,
            double teacherForcingShare) {
        this.what = what;
        this.batches = batches;
        this.learners = learners;
        int steps = stage.epochs() * batches.perEpoch();
        learningRate = new WarmupCosine(
                stage.learningRate(), stage.finalLearningRate(), steps, Math.min(stage.warmupSteps(), steps));
        teacherForcing = TeacherForcingSchedule.overShare(steps, teacherForcingShare, 0);
        pace = TrainingPace.of(steps, batches.batch());
    }

    /**
     * Trains from a position to the last step; returns the curve of each learner from the very first step on.
     *
     * @throws TrainingStoppedException if the listener asked to stop; a checkpoint has been saved
     */
    Map<String, LearningCurve> run(StagePosition from, Backend backend, Saver saver, TrainingListener listener) {
        restore(from);
        listener.progress(progress(from.step(), Double.NaN, Double.NaN));
        for (int step = from.step() + 1; step <= pace.steps(); step++) {
            step(backend, step);
            boolean last = step == pace.steps();
            if (step % pace.stepsPerReport() == 0 || last) {
                report(step, listener);
            }
            if (listener.stopRequested()) {
                throw new TrainingStoppedException(saver.save(position(step)));
            }
            if (step % pace.stepsPerCheckpoint() == 0 && !last && badReports.isEmpty()) {
                saver.save(position(step));
            }
        }
        return curves;
    }

    private void restore(StagePosition from) {
        for (Learner learner : learners) {
            curves.put(learner.name(), from.curves().getOrDefault(learner.name(), LearningCurve.EMPTY));
            Double unreported = from.unreportedLosses().getOrDefault(learner.name(), 0.0);
            learner.resume(unreported == null ? Double.NaN : unreported, from.unreportedSteps());
        }
        lastReportNanos = System.nanoTime();
        lastReportStep = from.step();
    }

    private StagePosition position(int step) {
        Map<String, Double> losses = new LinkedHashMap<>();
        learners.forEach(learner -> losses.put(learner.name(), finite(learner.unreportedLoss())));
        return new StagePosition(step, step % pace.stepsPerReport(), losses, new LinkedHashMap<>(curves));
    }

    private void step(Backend backend, int step) {
        try (Scope scope = backend.openScope()) {
            Trajectory trajectory = batches.at(backend, step - 1);
            for (Learner learner : learners) {
                learner.step(trajectory, step, learningRate.at(step), teacherForcing.at(step));
            }
        }
    }

    private void report(int step, TrainingListener listener) {
        double loss = 0;
        double gradientNorm = 0;
        for (Learner learner : learners) {
            double ownLoss = learner.takeMeanLoss();
            double ownNorm = learner.gradientNorm();
            requireLearning(learner, ownLoss, step);
            curves.compute(
                    learner.name(),
                    (name, curve) -> curve.and(new LearningCurve.Point(
                            step, finite(ownLoss), finite(ownNorm), learningRate.at(step), null)));
            loss += ownLoss / learners.size();
            gradientNorm = Math.max(gradientNorm, ownNorm);
        }
        listener.progress(progress(step, loss, gradientNorm));
        lastReportNanos = System.nanoTime();
        lastReportStep = step;
    }

    /** One report with an infinite or undefined loss may be a step that was skipped; {@value #MOST_BAD_REPORTS} are not. */
    private void requireLearning(Learner learner, double loss, int step) {
        if (Double.isFinite(loss)) {
            badReports.remove(learner.name());
        } else if (badReports.merge(learner.name(), 1, Integer::sum) >= MOST_BAD_REPORTS) {
            throw new InvalidInputException(what + ": " + learner.name() + " diverged, its loss at step " + step
                    + " is " + loss + "; try a lower learning rate or a longer warm-up");
        }
    }

    /** Mean loss and largest gradient norm of the learners. */
    private TrainingProgress progress(int step, double loss, double gradientNorm) {
        double seconds = (System.nanoTime() - lastReportNanos) / NANOS_PER_SECOND;
        double rate = (step - lastReportStep) * (double) pace.imagesPerStep() / seconds;
        float current = step == 0 ? 0 : learningRate.at(step);
        return new TrainingProgress(what, step, pace.steps(), loss, gradientNorm, current, rate);
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
