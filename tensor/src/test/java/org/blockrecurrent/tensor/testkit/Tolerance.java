package org.blockrecurrent.tensor.testkit;

import java.util.Locale;

/**
 * How far a result may be from the truth: {@code timesNoise · noise + timesLargest · max|want|}.
 *
 * <p>The noise is how much the truth itself moves under rounding to float: for an {@link OpCase} measured by moving every
 * input by one rounding error ({@link Parity#noise}); for a golden value the difference between the float and the double
 * run of the code that made it. It sees cancellation, which a bound relative to the result does not.
 */
public record Tolerance(String name, double timesNoise, double timesLargest) {
    /** About seven rounding errors of a float (2⁻²⁴ each), for what no input's rounding stands for. */
    private static final double FEW_ROUNDINGS = 4e-7;
    /** Rounding error of a double, 2⁻⁵³. */
    private static final double DOUBLE_ROUNDING = 0x1p-53;

    /** A fixed number of float operations an element. */
    public static Tolerance sameAlgorithm() {
        return new Tolerance("same algorithm", 4, FEW_ROUNDINGS);
    }

    /**
     * Float sums of n terms in any order. Rounding each term moves a sum of n terms of size σ by about √n · u · σ: the
     * noise. Rounding each partial sum, of size √k · σ after k terms, moves it by about n/2 · u · σ: √n/2 times the noise.
     * Doubled, on top of what a single operation may.
     */
    public static Tolerance reduction(int n) {
        return new Tolerance("reduction of " + n, 4 + Math.sqrt(n), FEW_ROUNDINGS);
    }

    /** A float result against the double values of a golden file: 4 D + 4e-7 M, as the fixtures' README derives. */
    public static Tolerance golden() {
        return new Tolerance("golden, float", 4, FEW_ROUNDINGS);
    }

    /**
     * A double result against the double values of a golden file, both right up to double rounding. Where the float run of
     * the file was off by D, a double run is off by 2⁻²⁹ D; doubled for the two of them and again for another order, with
     * 1e-12 of the largest value for exp, erf and the root.
     */
    public static Tolerance goldenDouble() {
        return new Tolerance("golden, double", 4 * DOUBLE_ROUNDING / 0x1p-24, 1e-12);
    }

    /** The same tolerance for the difference of two results that each have it. */
    public Tolerance doubled() {
        return new Tolerance(name + ", twice", 2 * timesNoise, 2 * timesLargest);
    }

    public double bound(double noise, double largest) {
        return timesNoise * noise + timesLargest * largest;
    }

    /** Fails unless every element is within the bound; returns the largest difference as a share of the bound. */
    public double require(String what, double[] got, double[] want, double noise) {
        if (got.length != want.length) {
            throw new AssertionError(what + ": " + got.length + " values, expected " + want.length);
        }
        double largest = largest(want);
        double bound = bound(noise, largest);
        int worst = 0;
        double worstDifference = 0;
        for (int i = 0; i < want.length; i++) {
            double difference = Math.abs(got[i] - want[i]);
            if (!(difference <= worstDifference)) {
                worst = i;
                worstDifference = difference;
            }
            if (Double.isNaN(difference)) {
                break;
            }
        }
        if (!(worstDifference <= bound)) {
            throw new AssertionError(String.format(
                    Locale.ROOT,
                    "%s: element %d is %.9g, expected %.9g: absolute error %.3g, relative %.3g, allowed %.3g (%s: %.3g · noise %.3g"
                            + " + %.3g · largest %.3g)",
                    what,
                    worst,
                    got[worst],
                    want[worst],
                    worstDifference,
                    worstDifference / Math.abs(want[worst]),
                    bound,
                    name,
                    timesNoise,
                    noise,
                    timesLargest,
                    largest));
        }
        return bound == 0 ? 0 : worstDifference / bound;
    }

    static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    @Override
    public String toString() {
        return name;
    }
}
