package org.blockrecurrent.tensor.backend.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The formulas of {@link ScalarMath} on vectors, operation by operation, so that both round alike.
 *
 * <p>Written with the compiler in mind. Every vector operation is hundreds of nodes in its graph until it is inlined, and
 * after 18,000 nodes it inlines what the JDK marks as such but no method of ours: the vector that such a call passes is
 * then allocated, and the loop is 20 times slower. So constants are fields instead of broadcasts, calls of our own methods
 * stand first in a loop's body, and a formula is written out twice where a shared method would be called too late.
 */
final class SimdMath {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int V = S.length();
    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);
    static final FloatVector ONE = broadcast(1);
    private static final FloatVector EXP_LOWEST = broadcast(ScalarMath.EXP_LOWEST);
    private static final FloatVector EXP_HIGHEST = broadcast(ScalarMath.EXP_HIGHEST);
    private static final FloatVector EXP_FINITE = broadcast(ScalarMath.EXP_FINITE);
    private static final FloatVector LOG2_E = broadcast(ScalarMath.LOG2_E);
    private static final FloatVector ROUNDER = broadcast(ScalarMath.ROUNDER);
    private static final FloatVector MINUS_LN2_HIGH = broadcast(-ScalarMath.LN2_HIGH);
    private static final FloatVector MINUS_LN2_LOW = broadcast(-ScalarMath.LN2_LOW);
    private static final FloatVector E6 = broadcast(ScalarMath.E6);
    private static final FloatVector E5 = broadcast(ScalarMath.E5);
    private static final FloatVector E4 = broadcast(ScalarMath.E4);
    private static final FloatVector E3 = broadcast(ScalarMath.E3);
    private static final FloatVector E2 = broadcast(ScalarMath.E2);
    private static final FloatVector E1 = broadcast(ScalarMath.E1);
    private static final FloatVector ZERO = broadcast(0);
    private static final FloatVector MINUS_HALF = broadcast(-0.5f);
    private static final FloatVector TAIL_STEP = broadcast(ScalarMath.TAIL_STEP);
    private static final FloatVector R8 = broadcast(ScalarMath.R8);
    private static final FloatVector R7 = broadcast(ScalarMath.R7);
    private static final FloatVector R6 = broadcast(ScalarMath.R6);
    private static final FloatVector R5 = broadcast(ScalarMath.R5);
    private static final FloatVector R4 = broadcast(ScalarMath.R4);
    private static final FloatVector R3 = broadcast(ScalarMath.R3);
    private static final FloatVector R2 = broadcast(ScalarMath.R2);
    private static final FloatVector R1 = broadcast(ScalarMath.R1);
    private static final FloatVector R0 = broadcast(ScalarMath.R0);
    private static final FloatVector ONE_OVER_ROOT_2PI = broadcast(ScalarMath.ONE_OVER_ROOT_2PI);

    private static final FloatVector QUICK = broadcast(ScalarMath.QUICK);
    private static final FloatVector TANH_LINEAR = broadcast(ScalarMath.TANH_LINEAR);
    private static final FloatVector TANH_CUBIC = broadcast(ScalarMath.TANH_CUBIC);
    private static final FloatVector TANH_CUBIC_THRICE = broadcast(3 * ScalarMath.TANH_CUBIC);

    private SimdMath() {}

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(S, value);
    }

    private static VectorShuffle<Float> rotation(int lanes) {
        return VectorShuffle.fromOp(S, lane -> (lane + lanes) % V);
    }

    /**
     * Sum of the lanes, halves onto halves. {@code reduceLanes(ADD)} leaves the order to the JVM, and JDK 25 changes it when
     * it compiles the caller: the same row would then have two sums.
     */
    static float sum(FloatVector lanes) {
        FloatVector x = lanes;
        if (V > 8) {
            x = x.rearrange(BY_8).add(x);
        }
        if (V > 4) {
            x = x.rearrange(BY_4).add(x);
        }
        if (V > 2) {
            x = x.rearrange(BY_2).add(x);
        }
        return x.rearrange(BY_1).add(x).lane(0);
    }

    static FloatVector exp(FloatVector x) {
        return boundedExp(x.blend(EXP_HIGHEST, x.compare(GT, EXP_HIGHEST)));
    }

    /** For {@code x ≤ EXP_HIGHEST}, or NaN. A comparison and a choice: {@code max} would take five instructions for the sake of NaN and -0. */
    private static FloatVector boundedExp(FloatVector x) {
        FloatVector inRange = x.blend(EXP_LOWEST, x.compare(LT, EXP_LOWEST));
        FloatVector shifted = inRange.fma(LOG2_E, ROUNDER);
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, inRange));
        FloatVector p = E6.fma(r, E5)
                .fma(r, E4)
                .fma(r, E3)
                .fma(r, E2)
                .fma(r, E1)
                .fma(r.mul(r), r)
                .add(ONE);
        return p.mul(shifted.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats());
    }

    static FloatVector gelu(FloatVector x) {
        FloatVector bell = boundedExp(x.mul(x).mul(MINUS_HALF));
        FloatVector t = ONE.div(x.abs().fma(TAIL_STEP, ONE));
        FloatVector p = R8.fma(t, R7)
                .fma(t, R6)
                .fma(t, R5)
                .fma(t, R4)
                .fma(t, R3)
                .fma(t, R2)
                .fma(t, R1)
                .fma(t, R0);
        FloatVector tail = p.mul(t).mul(bell);
        return tail.blend(ONE.sub(tail), x.compare(GT, ZERO)).mul(x);
    }

    static FloatVector geluDerivative(FloatVector x) {
        FloatVector bell = boundedExp(x.mul(x).mul(MINUS_HALF));
        FloatVector t = ONE.div(x.abs().fma(TAIL_STEP, ONE));
        FloatVector p = R8.fma(t, R7)
                .fma(t, R6)
                .fma(t, R5)
                .fma(t, R4)
                .fma(t, R3)
                .fma(t, R2)
                .fma(t, R1)
                .fma(t, R0);
        FloatVector tail = p.mul(t).mul(bell);
        FloatVector distribution = tail.blend(ONE.sub(tail), x.compare(GT, ZERO));
        return x.mul(bell).fma(ONE_OVER_ROOT_2PI, distribution);
    }

    static FloatVector sigmoid(FloatVector x) {
        return ONE.div(exp(x.neg()).add(ONE));
    }

    static FloatVector quickGelu(FloatVector x) {
        return sigmoid(x.mul(QUICK)).mul(x);
    }

    static FloatVector quickGeluDerivative(FloatVector x) {
        return siluDerivative(x.mul(QUICK));
    }

    static FloatVector geluTanh(FloatVector x) {
        return sigmoid(x.mul(x).fma(TANH_CUBIC, TANH_LINEAR).mul(x)).mul(x);
    }

    static FloatVector geluTanhDerivative(FloatVector x) {
        FloatVector square = x.mul(x);
        FloatVector exp = exp(square.fma(TANH_CUBIC, TANH_LINEAR).mul(x.neg()).min(EXP_FINITE));
        FloatVector sigmoid = ONE.div(exp.add(ONE));
        FloatVector slope = square.fma(TANH_CUBIC_THRICE, TANH_LINEAR).mul(x);
        return slope.mul(sigmoid).fma(exp.mul(sigmoid), sigmoid);
    }

    static FloatVector siluDerivative(FloatVector x) {
        FloatVector sigmoid = sigmoid(x);
        return x.mul(sigmoid).fma(ONE.sub(sigmoid), sigmoid);
    }
}
