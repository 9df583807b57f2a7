package org.blockrecurrent.vit.training;

/**
 * How long a training runs, and how often it stops to look around. None of this changes the parameters.
 *
 * @param steps steps in all
 * @param imagesPerStep for the rate that is reported
 * @param stepsPerReport steps between two points of the learning curve; the host waits for the device only then
 * @param stepsPerCheckpoint steps between two checkpoints
 */
public record TrainingPace(int steps, int imagesPerStep, int stepsPerReport, int stepsPerCheckpoint) {
    private static final int MOST_STEPS_PER_REPORT = 20;
    private static final int LEAST_REPORTS = 20;
    private static final int CHECKPOINTS = 10;

    /** A report at least every 20 steps, and ten checkpoints. */
    public static TrainingPace of(int steps, int imagesPerStep) {
        return new TrainingPace(
                steps,
                imagesPerStep,
                Math.max(1, Math.min(MOST_STEPS_PER_REPORT, steps / LEAST_REPORTS)),
                Math.max(1, steps / CHECKPOINTS));
    }
}
