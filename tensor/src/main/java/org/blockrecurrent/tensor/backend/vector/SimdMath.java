package org.blockrecurrent.tensor.backend.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The formulas of {@link ScalarMath} on vectors, operation by operation, so that both round alike. */
final class SimdMath {
  private SimdMath() {}

  static FloatVector exp(FloatVector x) {
    FloatVector e = finiteExp(x);
    e = e.blend(0, x.compare(LT, ScalarMath.EXP_LOWEST));
    e = e.blend(Float.POSITIVE_INFINITY, x.compare(GT, ScalarMath.EXP_HIGHEST));
    return e.blend(x, x.test(IS_NAN));
  }

  /** Undefined outside of the range in which the exponential is a normal number. */
  private static FloatVector finiteExp(FloatVector x) {
    FloatVector shifted = x.fma(of(ScalarMath.LOG2_E), of(ScalarMath.ROUNDER));
    FloatVector n = shifted.sub(ScalarMath.ROUNDER);
    FloatVector r = n.fma(of(-ScalarMath.LN2_HIGH), x);
    r = n.fma(of(-ScalarMath.LN2_LOW), r);
    FloatVector p = of(ScalarMath.E6);
    p = p.fma(r, of(ScalarMath.E5));
    p = p.fma(r, of(ScalarMath.E4));
    p = p.fma(r, of(ScalarMath.E3));
    p = p.fma(r, of(ScalarMath.E2));
    p = p.fma(r, of(ScalarMath.E1));
    p = p.fma(r.mul(r), r).add(1);
    return p.reinterpretAsInts()
        .add(shifted.reinterpretAsInts().lanewise(LSHL, 23))
        .reinterpretAsFloats();
  }

  static FloatVector gelu(FloatVector x) {
    return normalDistribution(x, bell(x)).mul(x);
  }

  static FloatVector geluDerivative(FloatVector x) {
    FloatVector bell = bell(x);
    return x.mul(bell).fma(of(ScalarMath.ONE_OVER_ROOT_2PI), normalDistribution(x, bell));
  }

  /** {@code exp(−x²/2)}, at least 1e-38. */
  private static FloatVector bell(FloatVector x) {
    FloatVector exponent = x.mul(x).mul(-0.5f);
    return finiteExp(exponent.blend(ScalarMath.EXP_LOWEST, exponent.compare(LT, ScalarMath.EXP_LOWEST)));
  }

  private static FloatVector normalDistribution(FloatVector x, FloatVector bell) {
    FloatVector t = of(1).div(x.abs().fma(of(ScalarMath.TAIL_STEP), of(1)));
    FloatVector p = of(ScalarMath.R8);
    p = p.fma(t, of(ScalarMath.R7));
    p = p.fma(t, of(ScalarMath.R6));
    p = p.fma(t, of(ScalarMath.R5));
    p = p.fma(t, of(ScalarMath.R4));
    p = p.fma(t, of(ScalarMath.R3));
    p = p.fma(t, of(ScalarMath.R2));
    p = p.fma(t, of(ScalarMath.R1));
    FloatVector tail = p.fma(t, of(ScalarMath.R0)).mul(t).mul(bell);
    VectorMask<Float> right = x.compare(GT, 0);
    return tail.blend(of(1).sub(tail), right);
  }

  static FloatVector sigmoid(FloatVector x) {
    return of(1).div(exp(x.neg()).add(1));
  }

  static FloatVector siluDerivative(FloatVector x, FloatVector sigmoid) {
    FloatVector one = of(1);
    return x.fma(one.sub(sigmoid), one).mul(sigmoid);
  }

  private static FloatVector of(float value) {
    return FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, value);
  }
}
