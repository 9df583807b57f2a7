package org.blockrecurrent.tensor.backend.vector;

/**
 * The elementary functions in single precision, as {@link SimdMath} has them on vectors.
 *
 * <p>The exponential: {@code x = n ln 2 + r} with n rounded by adding 1.5·2²³ + 127, whose last bits then are the exponent of
 * 2ⁿ (Cody and Waite), and a polynomial of degree 7 in r (Moshier's Cephes, {@code expf}); within 1.011 ulp from
 * −126.5 ln 2 = −87.68 to 127.5 ln 2 = 88.37 (of all floats there, 1.0104 at most), 0 below and +∞ above; a NaN stays one.
 *
 * <p>The normal distribution function: {@code Φ(−a) = t P(t) exp(−a²/2)} for a ≥ 0 with {@code t = 1/(1 + 0.34 a)}, the form of
 * Hastings' approximations; P is of degree 8, by Chebyshev interpolation on 0 ≤ a ≤ 13.2. The relative error of t P(t) is
 * 2.6e-7 with rounding (3.4e-8 without), also in the tail. GELU, {@code x Φ(x)}, is then within {@code (7 + x²/2) 2⁻²⁴} of its
 * value, the second term from rounding x² before the exponential; its derivative within 2⁻²², absolute.
 */
final class ScalarMath {
    /** Here the power of two has become 0. */
    static final float EXP_LOWEST = -88;
    /** Here it has become infinite. */
    static final float EXP_HIGHEST = 89;

    /** The exponential of this is finite, and so is one more than it. */
    static final float EXP_FINITE = 87;

    static final float LOG2_E = 1.44269504f;
    static final float ROUNDER = 12582912f + 127;
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;
    static final float E6 = 1.9875691500e-4f;
    static final float E5 = 1.3981999507e-3f;
    static final float E4 = 8.3334519073e-3f;
    static final float E3 = 4.1665795894e-2f;
    static final float E2 = 1.6666665459e-1f;
    static final float E1 = 5.0000001201e-1f;

    static final float TAIL_STEP = 0.34f;
    static final float R0 = 0.13561682403087616f;
    static final float R1 = 0.13618196547031403f;
    static final float R2 = 0.11464831233024597f;
    static final float R3 = 0.1177118718624115f;
    static final float R4 = -0.050725895911455154f;
    static final float R5 = 0.21157391369342804f;
    static final float R6 = -0.2819378972053528f;
    static final float R7 = 0.1440412998199463f;
    static final float R8 = -0.02711038663983345f;
    static final float ONE_OVER_ROOT_2PI = 0.3989422804f;

    /** GELU by the logistic function is {@code x σ(1.702 x)}. */
    static final float QUICK = 1.702f;
    /** GELU by tanh is {@code x σ(2√(2/π)(x + 0.044715 x³))}, because {@code ½(1 + tanh(u)) = σ(2u)}. */
    static final float TANH_LINEAR = 1.5957691216f;

    static final float TANH_CUBIC = 0.0713548163f;

    private ScalarMath() {}

    static float exp(float x) {
        float inRange = Math.min(Math.max(x, EXP_LOWEST), EXP_HIGHEST);
        float shifted = Math.fma(inRange, LOG2_E, ROUNDER);
        float n = shifted - ROUNDER;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, inRange));
        float p = Math.fma(E6, r, E5);
        p = Math.fma(p, r, E4);
        p = Math.fma(p, r, E3);
        p = Math.fma(p, r, E2);
        p = Math.fma(p, r, E1);
        p = Math.fma(p, r * r, r) + 1;
        return p * Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << 23);
    }

    static float gelu(float x) {
        return normalDistribution(x, bell(x)) * x;
    }

    static float geluDerivative(float x) {
        float bell = bell(x);
        return Math.fma(x * bell, ONE_OVER_ROOT_2PI, normalDistribution(x, bell));
    }

    private static float bell(float x) {
        return exp(x * x * -0.5f);
    }

    private static float normalDistribution(float x, float bell) {
        float t = 1 / Math.fma(Math.abs(x), TAIL_STEP, 1);
        float p = Math.fma(R8, t, R7);
        p = Math.fma(p, t, R6);
        p = Math.fma(p, t, R5);
        p = Math.fma(p, t, R4);
        p = Math.fma(p, t, R3);
        p = Math.fma(p, t, R2);
        p = Math.fma(p, t, R1);
        float tail = Math.fma(p, t, R0) * t * bell;
        return x > 0 ? 1 - tail : tail;
    }

    static float sigmoid(float x) {
        return 1 / (exp(-x) + 1);
    }

    static float siluDerivative(float x) {
        float sigmoid = sigmoid(x);
        return Math.fma(x * sigmoid, 1 - sigmoid, sigmoid);
    }

    static float quickGelu(float x) {
        return sigmoid(x * QUICK) * x;
    }

    static float quickGeluDerivative(float x) {
        return siluDerivative(x * QUICK);
    }

    static float geluTanh(float x) {
        return sigmoid(Math.fma(x * x, TANH_CUBIC, TANH_LINEAR) * x) * x;
    }

    /** {@code σ(u) + x σ(u) (1 − σ(u)) u′}; the slope is steep, so 1 − σ is taken as e⁻ᵘ σ, which does not cancel. */
    static float geluTanhDerivative(float x) {
        float square = x * x;
        float exp = exp(Math.min(Math.fma(square, TANH_CUBIC, TANH_LINEAR) * -x, EXP_FINITE));
        float sigmoid = 1 / (exp + 1);
        float slope = Math.fma(square, 3 * TANH_CUBIC, TANH_LINEAR) * x;
        return Math.fma(slope * sigmoid, exp * sigmoid, sigmoid);
    }

    /** By the JDK: it is applied to pooled features, not to every token. */
    static float tanh(float x) {
        return (float) Math.tanh(x);
    }

    static float tanhDerivative(float x) {
        double tanh = Math.tanh(x);
        return (float) (1 - tanh * tanh);
    }

    static float square(float x, float sum) {
        return Math.fma(x, x, sum);
    }

    /** {@link AdamStep} at one index. */
    static void adamW(float[] p, float[] g, float[] m, float[] v, int i, AdamStep step) {
        float gradient = g[i] * step.clip();
        m[i] = Math.fma(m[i], step.beta1(), gradient * step.rest1());
        v[i] = Math.fma(v[i], step.beta2(), gradient * gradient * step.rest2());
        float root = Math.fma((float) Math.sqrt(v[i]), step.rootCorrection(), step.eps());
        p[i] = p[i] * step.keep() - m[i] * step.rate() / root;
    }
}
