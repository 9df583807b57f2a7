package org.blockrecurrent.tensor.backend.reference;

import org.blockrecurrent.tensor.backend.Activation;

/** Scalar functions, to within a few units in the last place of a double. */
final class Functions {
    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
    private static final double ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
    /** The cubic term of GELU's approximation by tanh (Hendrycks and Gimpel, arXiv 1606.08415). */
    private static final double CUBIC = 0.044715;
    /** The factor of its approximation by the logistic function, from the same paper. */
    private static final double QUICK = 1.702;

    private static final double ROOT_HALF = Math.sqrt(0.5);
    private static final double ONE_OVER_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);
    /** Below, the series of erf; above, the continued fraction of erfc. */
    private static final double SERIES_BELOW = 2;
    /** From 2 on, as many levels leave an error of about exp(−2x√(2·levels)) < 1e-19. */
    private static final int FRACTION_LEVELS = 64;

    private Functions() {}

    static double apply(Activation f, double x) {
        return switch (f) {
            case GELU -> x * normalDistribution(x);
            case GELU_TANH -> x / 2 * (1 + Math.tanh(tanhArgument(x)));
            case QUICK_GELU -> x * sigmoid(QUICK * x);
            case SILU -> x * sigmoid(x);
            case TANH -> Math.tanh(x);
        };
    }

    static double derivative(Activation f, double x) {
        return switch (f) {
            case GELU -> normalDistribution(x) + x * normalDensity(x);
            case GELU_TANH -> geluTanhDerivative(x);
            case QUICK_GELU -> siluDerivative(QUICK * x);
            case SILU -> siluDerivative(x);
            case TANH -> 1 - square(Math.tanh(x));
        };
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double square(double x) {
        return x * x;
    }

    private static double tanhArgument(double x) {
        return ROOT_TWO_OVER_PI * (x + CUBIC * x * x * x);
    }

    /** {@code ½(1 + t) + ½ x (1 − t²) u′} with {@code t = tanh(u)}. */
    private static double geluTanhDerivative(double x) {
        double t = Math.tanh(tanhArgument(x));
        return (1 + t + x * (1 - t * t) * ROOT_TWO_OVER_PI * (1 + 3 * CUBIC * x * x)) / 2;
    }

    /** {@code σ(x)(1 + x(1 − σ(x)))}: also the derivative of x·σ(ax) at x/a. */
    private static double siluDerivative(double x) {
        double sigmoid = sigmoid(x);
        return sigmoid * (1 + x * (1 - sigmoid));
    }

    /** Φ(x): the probability that a standard normal variable is at most x. */
    static double normalDistribution(double x) {
        return 0.5 * erfc(-x * ROOT_HALF);
    }

    /** φ(x), the derivative of Φ. */
    static double normalDensity(double x) {
        return ONE_OVER_ROOT_TWO_PI * Math.exp(-0.5 * x * x);
    }

    /** {@code erfc(x) = 1 − erf(x) = 2/√π ∫_x^∞ exp(−t²) dt}. */
    static double erfc(double x) {
        if (x >= SERIES_BELOW) {
            return erfcByFraction(x);
        }
        return x <= -SERIES_BELOW ? 2 - erfcByFraction(-x) : 1 - erfBySeries(x);
    }

    /** {@code erf(x) = 2/√π exp(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1))}: all terms have one sign, so nothing cancels. */
    private static double erfBySeries(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
    }

    /** {@code erfc(x) = exp(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …))))} for x of at least 2. */
    private static double erfcByFraction(double x) {
        double fraction = x;
        for (int level = FRACTION_LEVELS; level >= 1; level--) {
            fraction = x + 0.5 * level / fraction;
        }
        return 0.5 * TWO_OVER_ROOT_PI * Math.exp(-x * x) / fraction;
    }
}
