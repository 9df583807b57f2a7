package org.blockrecurrent.tensor.optim;

/** The learning rate by training step. */
@FunctionalInterface
public interface LearningRateSchedule {
    /** Learning rate of a step; the first step is 1. */
    float at(int step);

    /** The same learning rate at every step. */
    static LearningRateSchedule constant(float learningRate) {
        return step -> learningRate;
    }

    /** Throws unless the step can be one: shared by the schedules. */
    static int requireStep(int step) {
        if (step < 1) {
            throw new IllegalArgumentException("training steps count from 1, got " + step);
        }
        return step;
    }
}
