package org.blockrecurrent.tensor.optim;

import org.blockrecurrent.tensor.InvalidInputException;

/**
 * Linear warm-up, then half a cosine down, as the official code schedules it (KempnerInstitute/raptor,
 * {@code scheduler.py}). With W warm-up steps, T steps in all, peak p and final value f, its table is
 *
 * <pre>
 *   entry i &lt; W   p · i/(W − 1)                                      (0 if W is 1)
 *   W ≤ i &lt; T     f + (p − f)/2 · (1 + cos(π (i − W)/(T − W)))
 *   T ≤ i         f
 * </pre>
 *
 * computed in double precision and rounded to float. The official loop advances the scheduler <em>before</em> the
 * optimizer: its step s = 0, 1, … uses entry s + 1, and entry 0 is never used. Our steps count from 1, so that step t uses
 * entry t; step T, the last, has the final value.
 *
 * @param peak learning rate at the end of the warm-up
 * @param finalValue learning rate at and after step {@code totalSteps}
 * @param totalSteps T, at least W
 * @param warmupSteps W, may be 0
 */
public record WarmupCosine(double peak, double finalValue, int totalSteps, int warmupSteps)
        implements LearningRateSchedule {

    public WarmupCosine {
        if (!(peak >= 0
                && peak < Double.POSITIVE_INFINITY
                && finalValue >= 0
                && finalValue < Double.POSITIVE_INFINITY)) {
            throw new InvalidInputException(
                    "learning rates must be finite and not negative, got " + peak + " and " + finalValue);
        }
        if (totalSteps < 1 || warmupSteps < 0 || warmupSteps > totalSteps) {
            throw new InvalidInputException("need 0 ≤ warm-up steps ≤ total steps and at least one step, got "
                    + warmupSteps + " and " + totalSteps);
        }
    }

    @Override
    public float at(int step) {
        return (float) entry(LearningRateSchedule.requireStep(step));
    }

    /** Entry of the official table, counted from 0, before it is rounded. */
    public double entry(int index) {
        if (index >= totalSteps) {
            return finalValue;
        }
        if (index < warmupSteps) {
            return warmup(index);
        }
        double progress = (double) (index - warmupSteps) / (totalSteps - warmupSteps);
        return finalValue + 0.5 * (peak - finalValue) * (1 + Math.cos(Math.PI * progress));
    }

    private double warmup(int index) {
        if (warmupSteps == 1) {
            return 0;
        }
        return index == warmupSteps - 1 ? peak : index * (peak / (warmupSteps - 1));
    }
}
