package org.blockrecurrent.raptor.controls;

import java.util.Locale;

/**
 * A mean with its 95 % confidence interval, by Student's t for few samples.
 *
 * @param mean of the samples
 * @param halfWidth what to add and subtract; NaN for a single sample
 */
public record Interval(double mean, double halfWidth) {
    /** The 97.5 % quantile of Student's t for 1, 2, … degrees of freedom. */
    private static final double[] T = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};

    private static final double NORMAL = 1.96;

    static Interval of(double... samples) {
        double mean = 0;
        for (double sample : samples) {
            mean += sample / samples.length;
        }
        double squares = 0;
        for (double sample : samples) {
            squares += (sample - mean) * (sample - mean);
        }
        int freedom = samples.length - 1;
        double t = freedom < 1 ? Double.NaN : freedom <= T.length ? T[freedom - 1] : NORMAL;
        return new Interval(mean, t * Math.sqrt(squares / freedom / samples.length));
    }

    /** {@code 0.837 ± 0.012}, or the mean alone. */
    @Override
    public String toString() {
        return Double.isNaN(halfWidth)
                ? String.format(Locale.ROOT, "%.3f", mean)
                : String.format(Locale.ROOT, "%.3f ± %.3f", mean, halfWidth);
    }
}
