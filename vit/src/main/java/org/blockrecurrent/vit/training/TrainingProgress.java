package org.blockrecurrent.vit.training;

/**
 * Where a training run stands.
 *
 * @param what what is being trained, such as {@code teacher} or {@code raptor k=3, stage 2}
 * @param step steps done
 * @param steps steps in all
 * @param loss mean loss of the steps since the last report; NaN if none was measured
 * @param gradientNorm gradient norm of the last step before clipping
 * @param learningRate learning rate of the last step
 * @param imagesPerSecond images per second since the last report
 */
public record TrainingProgress(
        String what,
        int step,
        int steps,
        double loss,
        double gradientNorm,
        double learningRate,
        double imagesPerSecond) {}
