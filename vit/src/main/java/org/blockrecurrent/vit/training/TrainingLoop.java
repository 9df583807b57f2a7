package org.blockrecurrent.vit.training;

import java.nio.file.Path;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.tensor.optim.LearningRateSchedule;
import org.jspecify.annotations.Nullable;

/**
 * The loop that every training of the product runs: forward, backward, optimizer, one scope a step; a report every few
 * steps, checkpoints, and a stop when asked.
 *
 * <p>A step never waits for the device: losses are summed there and read at the next report. A step whose gradient is not
 * finite is skipped by the optimizer. The loop notices at a report, watches every step from then on, and gives up after
 * {@value #MOST_SKIPPED} skipped steps in a row.
 */
public final class TrainingLoop {
    private static final int MOST_SKIPPED = 20;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Backend backend;
    private final AdamW optimizer;
    private final StepState state;
    private final LearningRateSchedule schedule;
    private final TrainingPace pace;
    private final Tensor lossSum;

    private int unreported;
    private LearningCurve curve = LearningCurve.EMPTY;
    private boolean watching;
    private int skippedInARow;
    private @Nullable Path lastCheckpoint;
    private long lastReportNanos;
    private int lastReportStep;

    /** Allocates in the backend's current scope: make it before the scope of the first step is opened. */
    public TrainingLoop(
            Backend backend, AdamW optimizer, StepState state, LearningRateSchedule schedule, TrainingPace pace) {
        this.backend = backend;
        this.optimizer = optimizer;
        this.state = state;
        this.schedule = schedule;
        this.pace = pace;
        lossSum = backend.zeros(Shape.of());
    }

    /**
     * Trains from a position to the last step, and returns the learning curve from the very first step on.
     *
     * @throws TrainingStoppedException if the listener asked to stop; a checkpoint has been saved
     * @throws DivergedException if the gradient stays infinite or undefined
     */
    public LearningCurve run(TrainingTask task, TrainingPosition from, TrainingListener listener) {
        restore(from);
        listener.progress(progress(task, from.step(), Double.NaN, Double.NaN));
        for (int step = from.step() + 1; step <= pace.steps(); step++) {
            train(task, step);
            if (step % pace.stepsPerReport() == 0 || step == pace.steps()) {
                report(task, step, listener);
            }
            if (watching) {
                watch(task, step);
            }
            if (listener.stopRequested()) {
                throw new TrainingStoppedException(task.save(position(step)));
            }
            if (step % pace.stepsPerCheckpoint() == 0 && step < pace.steps() && !watching) {
                lastCheckpoint = task.save(position(step));
            }
        }
        return curve;
    }

    private void train(TrainingTask task, int step) {
        try (Scope scope = backend.openScope()) {
            state.begin(step, schedule.at(step), (float) task.teacherForcing(step));
            Tensor loss = task.loss(step);
            optimizer.step(Backpropagation.from(loss), state);
            backend.elementwise().addInto(lossSum, loss);
            unreported++;
        }
    }

    private void report(TrainingTask task, int step, TrainingListener listener) {
        double loss = lossSum.item() / unreported;
        double gradientNorm = state.gradientNorm();
        watching |= !Double.isFinite(loss) || state.wasSkipped();
        listener.progress(progress(task, step, loss, gradientNorm));
        curve = curve.and(new LearningCurve.Point(
                step, finite(loss), finite(gradientNorm), schedule.at(step), task.accuracy(step)));
        backend.fill(lossSum.storage(), 0);
        unreported = 0;
        lastReportNanos = System.nanoTime();
        lastReportStep = step;
    }

    /** Called after each step while something is wrong. */
    private void watch(TrainingTask task, int step) {
        skippedInARow = state.wasSkipped() ? skippedInARow + 1 : 0;
        watching = skippedInARow > 0;
        if (skippedInARow >= MOST_SKIPPED) {
            throw new DivergedException(task.what(), step, skippedInARow, lastCheckpoint);
        }
    }

    private TrainingProgress progress(TrainingTask task, int step, double loss, double gradientNorm) {
        double seconds = (System.nanoTime() - lastReportNanos) / NANOS_PER_SECOND;
        double rate = (step - lastReportStep) * (double) pace.imagesPerStep() / seconds;
        return new TrainingProgress(
                task.what(), step, pace.steps(), loss, gradientNorm, step == 0 ? 0 : schedule.at(step), rate);
    }

    private void restore(TrainingPosition from) {
        unreported = from.unreportedSteps();
        curve = from.curve();
        Double sum = from.unreportedLoss();
        backend.fill(lossSum.storage(), sum == null ? Float.NaN : sum.floatValue());
        watching = sum == null;
        skippedInARow = 0;
        lastReportNanos = System.nanoTime();
        lastReportStep = from.step();
    }

    private TrainingPosition position(int step) {
        return new TrainingPosition(step, unreported, finite(lossSum.item()), curve);
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
