package org.blockrecurrent.tensor.optim;

import org.blockrecurrent.tensor.InvalidInputException;

/**
 * Share λ of the teacher-forced loss, {@code λ·L_TF + (1 − λ)·L_AR}, falling linearly from 1:
 * {@code λ = max(minimum, 1 − s/annealSteps)} with s = 0 in the first step (KempnerInstitute/raptor, {@code trainer.py}).
 *
 * @param annealSteps steps until λ would reach 0; 0 stands for the minimum from the first step on
 * @param minimum least share, 0 … 1
 */
public record TeacherForcingSchedule(int annealSteps, double minimum) {

    public TeacherForcingSchedule {
        if (annealSteps < 0 || !(minimum >= 0 && minimum <= 1)) {
            throw new InvalidInputException("teacher forcing needs annealing steps ≥ 0 and a minimum in 0 … 1, got "
                    + annealSteps + " and " + minimum);
        }
    }

    /** No teacher forcing at all: each step of the surrogate starts from its own state. */
    public static TeacherForcingSchedule none() {
        return new TeacherForcingSchedule(0, 0);
    }

    /** Anneals over a share of all steps, rounded down: the official settings are 312,500 steps, 0.25 and 0. */
    public static TeacherForcingSchedule overShare(int totalSteps, double share, double minimum) {
        return new TeacherForcingSchedule((int) (totalSteps * share), minimum);
    }

    /** λ of a training step; the first step is 1. */
    public double at(int step) {
        LearningRateSchedule.requireStep(step);
        return annealSteps == 0 ? minimum : Math.max(minimum, 1 - (step - 1) / (double) annealSteps);
    }
}
