package org.blockrecurrent.tensor.backend.vector;

/**
 * The elementary functions in single precision, as {@link SimdMath} has them on vectors.
 *
 * <p>The exponential: {@code x = n ln 2 + r} with n rounded by adding 1.5·2²³ (Cody and Waite), a polynomial of degree 7 in r
 * (Moshier's Cephes, {@code expf}), n added to the exponent bits; within 2 ulp where the result is a normal number, 0
 * below, +∞ above.
 *
 * <p>The normal distribution function: {@code Φ(−a) = R(a) exp(−a²/2)} for a ≥ 0 with R, Mills' ratio over √2π, a
 * polynomial of degree 13 in {@code 2a/5 − 1}: Chebyshev interpolation on 0 … 5, relative error 4.9e-7 including
 * rounding. Beyond 5 R(5) is used: Φ(−a) is below 3e-7 there and the absolute error below 1e-8.
 */
final class ScalarMath {
  static final float EXP_LOWEST = -87.33654f;
  static final float EXP_HIGHEST = 88.72283f;
  static final float LOG2_E = 1.44269504f;
  static final float ROUNDER = 12582912f;
  static final float LN2_HIGH = 0.693359375f;
  static final float LN2_LOW = -2.12194440e-4f;
  static final float E6 = 1.9875691500e-4f;
  static final float E5 = 1.3981999507e-3f;
  static final float E4 = 8.3334519073e-3f;
  static final float E3 = 4.1665795894e-2f;
  static final float E2 = 1.6666665459e-1f;
  static final float E1 = 5.0000001201e-1f;

  static final float TAIL_END = 5;
  static final float R0 = 0.14133135974407196f;
  static final float R1 = -0.11403495818376541f;
  static final float R2 = 0.08529918640851974f;
  static final float R3 = -0.05985841900110245f;
  static final float R4 = 0.03978492692112923f;
  static final float R5 = -0.025170665234327316f;
  static final float R6 = 0.015016192570328712f;
  static final float R7 = -0.008711309172213078f;
  static final float R8 = 0.005527650937438011f;
  static final float R9 = -0.003039005910977721f;
  static final float R10 = 0.0006598708569072187f;
  static final float R11 = -0.0003114244609605521f;
  static final float R12 = 0.0008404490654356778f;
  static final float R13 = -0.0004145566781517118f;
  static final float ONE_OVER_ROOT_2PI = 0.3989422804f;

  private ScalarMath() {}

  static float exp(float x) {
    if (x < EXP_LOWEST) {
      return 0;
    }
    if (x > EXP_HIGHEST) {
      return Float.POSITIVE_INFINITY;
    }
    return x != x ? x : finiteExp(x);
  }

  private static float finiteExp(float x) {
    float shifted = Math.fma(x, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float p = Math.fma(E6, r, E5);
    p = Math.fma(p, r, E4);
    p = Math.fma(p, r, E3);
    p = Math.fma(p, r, E2);
    p = Math.fma(p, r, E1);
    p = Math.fma(p, r * r, r) + 1;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
  }

  static float gelu(float x) {
    return normalDistribution(x, bell(x)) * x;
  }

  static float geluDerivative(float x) {
    float bell = bell(x);
    return Math.fma(x * bell, ONE_OVER_ROOT_2PI, normalDistribution(x, bell));
  }

  private static float bell(float x) {
    float exponent = x * x * -0.5f;
    return finiteExp(exponent < EXP_LOWEST ? EXP_LOWEST : exponent);
  }

  private static float normalDistribution(float x, float bell) {
    float a = Math.abs(x);
    float w = Math.fma(a > TAIL_END ? TAIL_END : a, 2 / TAIL_END, -1);
    float p = Math.fma(R13, w, R12);
    p = Math.fma(p, w, R11);
    p = Math.fma(p, w, R10);
    p = Math.fma(p, w, R9);
    p = Math.fma(p, w, R8);
    p = Math.fma(p, w, R7);
    p = Math.fma(p, w, R6);
    p = Math.fma(p, w, R5);
    p = Math.fma(p, w, R4);
    p = Math.fma(p, w, R3);
    p = Math.fma(p, w, R2);
    p = Math.fma(p, w, R1);
    float tail = Math.fma(p, w, R0) * bell;
    return x > 0 ? 1 - tail : tail;
  }

  static float sigmoid(float x) {
    return 1 / (exp(-x) + 1);
  }

  /** {@code σ(1 + x(1 − σ))} for {@code σ = sigmoid(x)}. */
  static float siluDerivative(float x, float sigmoid) {
    return Math.fma(x, 1 - sigmoid, 1) * sigmoid;
  }

  static float square(float x, float sum) {
    return Math.fma(x, x, sum);
  }

  /** {@link AdamStep} at one index. */
  static void adamW(float[] p, float[] g, float[] m, float[] v, int i, AdamStep step) {
    float gradient = g[i] * step.clip();
    m[i] = m[i] * step.beta1() + gradient * (1 - step.beta1());
    v[i] = v[i] * step.beta2() + gradient * gradient * (1 - step.beta2());
    float root = (float) Math.sqrt(v[i]) * step.rootCorrection() + step.eps();
    p[i] = p[i] * step.keep() - m[i] * step.rate() / root;
  }
}
