package org.blockrecurrent.tensor.testkit;

import java.util.Locale;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;

/**
 * Holds the derivatives of an op against differences of its values, on the reference backend, in doubles. With a random
 * cotangent c and a random direction d, {@code f(t) = Σ c ⊙ op(x + t d)} must have {@code f′(0) = Σ gradient ⊙ d}.
 *
 * <p>The five-point difference {@code (8(f(h) − f(−h)) − (f(2h) − f(−2h)))/12h} is off by h⁴/30 · f⁽⁵⁾, and by rounding
 * of about 2⁻⁵³/h of the size of f's terms. At h = 1e-3 that is 3e-14 · f⁽⁵⁾ and 1e-13: with fifth derivatives up to 3e4
 * times the first, both stay below 1e-9 of the terms they are sums of.
 */
public final class GradientCheck {
    private static final double STEP = 1e-3;
    private static final double TRUNCATION = 1e-9;
    private static final double ROUNDING = 1e-12;

    private GradientCheck() {}

    /** Fails unless gradient and difference agree; returns their difference as a share of what is allowed. */
    public static double require(OpCase opCase) {
        try (ReferenceBackend reference = new ReferenceBackend()) {
            Drawn at = Drawn.of(opCase);
            Drawn direction = at.direction();
            OpRun run = OpRun.of(opCase, reference, at);
            double expected = 0;
            double termSizes = 0;
            for (int k = 0; k < opCase.inputs().size(); k++) {
                if (opCase.inputs().get(k).tracked()) {
                    double[] gradient = run.get("d" + opCase.inputs().get(k).name());
                    expected += dot(gradient, direction.inputs().get(k));
                    termSizes += absoluteDot(gradient, direction.inputs().get(k));
                }
            }
            double difference = slope(opCase, reference, at, direction);
            double allowed = TRUNCATION * termSizes + ROUNDING * absoluteDot(run.get("y"), at.cotangent());
            return requireClose(opCase, expected, difference, allowed);
        }
    }

    private static double slope(OpCase opCase, ReferenceBackend reference, Drawn at, Drawn direction) {
        double[] f = new double[5];
        for (int step = -2; step <= 2; step++) {
            f[step + 2] = dot(OpRun.forward(opCase, reference, at.along(direction, step * STEP)), at.cotangent());
        }
        return (8 * (f[3] - f[1]) - (f[4] - f[0])) / (12 * STEP);
    }

    private static double requireClose(OpCase opCase, double expected, double difference, double allowed) {
        double error = Math.abs(expected - difference);
        if (!(error <= allowed)) {
            throw new AssertionError(String.format(
                    Locale.ROOT,
                    "%s: the gradient gives a slope of %.12g, differences %.12g: absolute error %.3g, relative %.3g, allowed %.3g",
                    opCase,
                    expected,
                    difference,
                    error,
                    error / Math.abs(difference),
                    allowed));
        }
        return allowed == 0 ? 0 : error / allowed;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double absoluteDot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] * b[i]);
        }
        return sum;
    }
}
