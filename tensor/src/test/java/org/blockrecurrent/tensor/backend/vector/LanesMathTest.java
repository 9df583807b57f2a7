package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.backend.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The elementary functions against double precision, at odd lengths so that full vectors and the rest are both used. */
class LanesMathTest {
    private static final int POINTS = 100_003;
    /** Between two floats of the dense sweep lie 127 others. */
    private static final int STRIDE = 128;

    private static final double EXP_ULP = 1.011;
    private static final float LEAST = -87.68f;
    private static final float LARGEST = 88.37f;
    private static final double ROUNDING = 0x1p-24;

    static List<Lanes> lanes() {
        return List.of(new SimdLanes(), new ScalarLanes());
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void the_exponential_is_within_the_stated_units_in_the_last_place(Lanes lanes) {
        for (float end : new float[] {LEAST, LARGEST}) {
            int sign = Float.floatToRawIntBits(Math.copySign(0f, end));
            for (int bits = Float.floatToRawIntBits(0x1p-30f), last = Float.floatToRawIntBits(Math.abs(end));
                    bits < last; ) {
                int n = Math.min(POINTS, (last - bits + STRIDE - 1) / STRIDE);
                float[] x = new float[n];
                for (int i = 0; i < n; i++, bits += STRIDE) {
                    x[i] = Float.intBitsToFloat(bits | sign);
                }
                requireExp(lanes, x);
            }
        }
        requireExp(lanes, new float[] {LEAST, LARGEST, 0, -0f, Float.MIN_VALUE});
    }

    private static void requireExp(Lanes lanes, float[] x) {
        float[] y = new float[x.length];
        lanes.exp(y, 0, x, 0, 1, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            double exact = Math.exp(x[i]);
            if (!(Math.abs(y[i] - exact) <= EXP_ULP * Math.ulp((float) exact))) {
                throw new AssertionError("exp(" + x[i] + ") is " + y[i] + ", expected " + exact);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void the_exponential_has_the_limits_of_the_real_one(Lanes lanes) {
        float[] x = {
            Float.NEGATIVE_INFINITY,
            -1000,
            0,
            1000,
            Float.POSITIVE_INFINITY,
            Float.NaN,
            Float.intBitsToFloat(0x7fc00001)
        };
        float[] y = new float[7];
        for (int i = 0; i < 7; i++) {
            float[] all = new float[37];
            Arrays.fill(all, x[i]);
            lanes.exp(all, 0, all, 0, 1, 0, 37);
            assertThat(all).containsOnly(all[0]);
            y[i] = all[0];
        }
        assertThat(y).containsExactly(0, 0, 1, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN, Float.NaN);
    }

    /** x² is rounded before the exponential: an error of x²/2 roundings of the tail; the rest is seven. */
    @ParameterizedTest
    @MethodSource("lanes")
    void gelu_keeps_its_relative_accuracy_far_into_the_tail(Lanes lanes) {
        float[] x = points(-9, 9);
        float[] y = new float[POINTS];
        lanes.activation(Activation.GELU, y, 0, x, 0, POINTS);
        for (int i = 0; i < POINTS; i++) {
            double exact = x[i] * normalDistribution(x[i]);
            double relative = (x[i] * x[i] / 2 + 7) * ROUNDING;
            assertThat(Math.abs(y[i] - exact))
                    .as("gelu(%s)", x[i])
                    .isLessThanOrEqualTo(relative * Math.abs(exact) + 1e-30);
        }
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void the_derivative_of_gelu_is_within_four_roundings_of_one(Lanes lanes) {
        float[] x = points(-13, 13);
        float[] ones = new float[POINTS];
        Arrays.fill(ones, 1);
        float[] slope = new float[POINTS];
        lanes.activationBackward(Activation.GELU, slope, 0, ones, 0, x, 0, POINTS);
        for (int i = 0; i < POINTS; i++) {
            double density = Math.exp(-0.5 * x[i] * x[i]) / Math.sqrt(2 * Math.PI);
            double exact = normalDistribution(x[i]) + x[i] * density;
            assertThat(Math.abs(slope[i] - exact)).as("gelu′(%s)", x[i]).isLessThanOrEqualTo(4 * ROUNDING);
        }
    }

    @Test
    void vectors_and_plain_loops_round_elementwise_functions_alike() {
        float[] x = points(-12, 12);
        float[] up = points(3, -2);
        for (int n : new int[] {1, 15, 16, 17, POINTS}) {
            float[][] results = new float[2][];
            for (int i = 0; i < 2; i++) {
                Lanes lanes = lanes().get(i);
                int activations = 2 * Activation.values().length * n;
                float[] y = new float[activations + 3 * n];
                for (Activation f : Activation.values()) {
                    lanes.activation(f, y, 2 * f.ordinal() * n, x, 0, n);
                    lanes.activationBackward(f, y, (2 * f.ordinal() + 1) * n, up, 0, x, 0, n);
                }
                lanes.swiGlu(y, activations, x, 0, up, 0, n);
                float[] both = new float[2 * n];
                System.arraycopy(x, 0, both, 0, n);
                System.arraycopy(up, 0, both, n, n);
                lanes.swiGluBackward(y, activations + n, activations + 2 * n, up, 0, both, 0, n, n);
                results[i] = y;
            }
            assertThat(results[0]).isEqualTo(results[1]);
        }
    }

    private static float[] points(float from, float to) {
        float[] x = new float[POINTS];
        for (int i = 0; i < POINTS; i++) {
            x[i] = from + (to - from) * i / (POINTS - 1f);
        }
        return x;
    }

    /** Φ by the continued fraction of Mills' ratio where |x| is large, and by Simpson's rule elsewhere: double precision. */
    private static double normalDistribution(double x) {
        double a = Math.abs(x);
        double density = Math.exp(-a * a / 2) / Math.sqrt(2 * Math.PI);
        double tail;
        if (a > 3) {
            double fraction = a;
            for (int k = 200; k >= 1; k--) {
                fraction = a + k / fraction;
            }
            tail = density / fraction;
        } else {
            int steps = 400;
            double h = a / steps;
            double sum = 0;
            for (int i = 0; i <= steps; i++) {
                double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
                sum += weight * Math.exp(-(i * h) * (i * h) / 2);
            }
            tail = 0.5 - sum * h / 3 / Math.sqrt(2 * Math.PI);
        }
        return x < 0 ? tail : 1 - tail;
    }
}
