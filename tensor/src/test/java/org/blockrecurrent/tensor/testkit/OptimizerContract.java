package org.blockrecurrent.tensor.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of a backend's optimizer kernels. */
public abstract class OptimizerContract {
    private static final int STEPS = 5;
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final int[] SIZES = {1, 7, 257, 70_001};

    /** A fresh backend; each test closes its own. */
    protected abstract Backend backend();

    @ParameterizedTest(name = "largest norm {0}")
    @ValueSource(floats = {0.5f, 1e6f})
    void the_gradient_norm_is_that_of_all_gradients_together(float maxNorm) {
        double[] expected;
        try (ReferenceBackend reference = new ReferenceBackend()) {
            expected = normAndClip(reference, maxNorm);
        }
        try (Backend backend = backend()) {
            double[] got = normAndClip(backend, maxNorm);
            Tolerance.reduction(1).require("norm", slice(got, 0), slice(expected, 0), 0);
            Tolerance.reduction(1).require("clip factor", slice(got, 1), slice(expected, 1), 0);
        }
    }

    @ParameterizedTest(name = "a gradient of {0}")
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void a_gradient_that_is_not_finite_skips_the_update(float bad) {
        try (Backend backend = backend()) {
            StepState state = new StepState(backend);
            state.begin(1, 1e-2f, 0);
            Tensor gradient = backend.tensor(Shape.of(3), 1, bad, 2);
            Tensor parameter = backend.tensor(Shape.of(3), 1, 2, 3);
            Tensor m = backend.tensor(Shape.of(3), 4, 5, 6);
            Tensor v = backend.tensor(Shape.of(3), 7, 8, 9);
            backend.optimizer().gradientNorm(state, List.of(gradient), 1);
            backend.optimizer().adamW(parameter, gradient, m, v, state, BETA1, BETA2, 1e-8f, 0.1f);
            assertThat(state.wasSkipped()).isTrue();
            assertThat(parameter.toArray()).containsExactly(1, 2, 3);
            assertThat(m.toArray()).containsExactly(4, 5, 6);
            assertThat(v.toArray()).containsExactly(7, 8, 9);
        }
    }

    @ParameterizedTest(name = "weight decay {0}")
    @ValueSource(floats = {0, 0.05f})
    void adamw_steps_as_the_reference_does(float weightDecay) {
        List<double[]> expected;
        try (ReferenceBackend reference = new ReferenceBackend()) {
            expected = adamW(reference, weightDecay);
        }
        try (Backend backend = backend()) {
            List<double[]> got = adamW(backend, weightDecay);
            for (int i = 0; i < expected.size(); i += 3) {
                Tolerance.sameAlgorithm().require("parameter", got.get(i), expected.get(i), 0);
                decayOf(BETA1).require("first moment", got.get(i + 1), expected.get(i + 1), 0);
                decayOf(BETA2).require("second moment", got.get(i + 2), expected.get(i + 2), 0);
            }
        }
    }

    /** The square of 2⁻⁶⁶ times 1 − β₂ is 131 times the least float. */
    @Test
    void a_second_moment_below_the_normal_range_is_not_flushed_to_zero() {
        try (Backend backend = backend()) {
            StepState state = new StepState(backend);
            state.begin(1, 1e-2f, 0);
            int size = 37;
            Tensor gradient = backend.empty(size);
            backend.fill(gradient.storage(), 0x1p-66f);
            Tensor v = backend.zeros(Shape.of(size));
            backend.optimizer().gradientNorm(state, List.of(gradient), 1);
            backend.optimizer()
                    .adamW(
                            backend.zeros(Shape.of(size)),
                            gradient,
                            backend.zeros(Shape.of(size)),
                            v,
                            state,
                            BETA1,
                            BETA2,
                            1e-8f,
                            0);
            for (double moment : v.toDoubles()) {
                assertThat(moment).isCloseTo(0x1p-132 * (1 - 0.999), within(2.0 * Float.MIN_VALUE));
            }
        }
    }

    @Test
    void a_step_changes_the_version_of_the_parameter() {
        try (Backend backend = backend();
                Scope scope = backend.openScope()) {
            StepState state = new StepState(backend);
            state.begin(1, 1e-2f, 0);
            Tensor parameter = backend.tensor(Shape.of(2), 1, 2);
            int before = parameter.storage().version();
            Tensor gradient = backend.tensor(Shape.of(2), 1, 1);
            backend.optimizer()
                    .adamW(
                            parameter,
                            gradient,
                            backend.zeros(Shape.of(2)),
                            backend.zeros(Shape.of(2)),
                            state,
                            BETA1,
                            BETA2,
                            1e-8f,
                            0);
            assertThat(parameter.storage().version()).isGreaterThan(before);
        }
    }

    @ParameterizedTest(name = "dropped with probability {0}")
    @ValueSource(floats = {0, 0.1f, 0.5f, 0.9f})
    void the_stochastic_depth_mask_is_the_same_bits_everywhere(float dropProbability) {
        try (Backend backend = backend();
                ReferenceBackend reference = new ReferenceBackend()) {
            for (int step = 1; step <= 3; step++) {
                assertThat(mask(backend, dropProbability, step)).isEqualTo(mask(reference, dropProbability, step));
            }
        }
    }

    private static double[] normAndClip(Backend backend, float maxNorm) {
        StepState state = new StepState(backend);
        state.begin(1, 1e-2f, 0);
        List<Tensor> gradients = new ArrayList<>();
        for (int size : SIZES) {
            gradients.add(drawn(backend, "gradient", size, 1));
        }
        backend.optimizer().gradientNorm(state, gradients, maxNorm);
        return new double[] {state.gradientNorm(), state.slots().toDoubles()[StepState.CLIP]};
    }

    /** Parameter and both moments of every size, after some clipped steps. */
    private static List<double[]> adamW(Backend backend, float weightDecay) {
        List<double[]> results = new ArrayList<>();
        StepState state = new StepState(backend);
        for (int size : SIZES) {
            Tensor parameter = drawn(backend, "parameter", size, 0);
            Tensor m = backend.zeros(parameter.shape());
            Tensor v = backend.zeros(parameter.shape());
            for (int step = 1; step <= STEPS; step++) {
                state.begin(step, 0.003f * step, 0);
                Tensor gradient = drawn(backend, "gradient", size, step);
                backend.optimizer().gradientNorm(state, List.of(gradient), 1);
                backend.optimizer().adamW(parameter, gradient, m, v, state, BETA1, BETA2, 1e-8f, weightDecay);
            }
            results.addAll(List.of(parameter.toDoubles(), m.toDoubles(), v.toDoubles()));
        }
        return results;
    }

    private static float[] mask(Backend backend, float dropProbability, int step) {
        StepState state = new StepState(backend);
        state.begin(step, 1e-2f, 0);
        Tensor mask = backend.empty(67, 3);
        backend.optimizer().stochasticDepthMask(mask, dropProbability, 123_456_789_012L, 5, state);
        return mask.toArray();
    }

    /** A decay constant that is a float leaves 1 − β known to half a rounding error of β. */
    private static Tolerance decayOf(float beta) {
        double relative = 0x1p-24 / (1 - beta);
        return new Tolerance(
                "moment with decay " + beta,
                0,
                relative + Tolerance.sameAlgorithm().timesLargest());
    }

    private static Tensor drawn(Backend backend, String name, int size, int step) {
        Philox random = new Philox(2, Philox.streamOf(name + size), step);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.normal(i);
        }
        return backend.tensor(Shape.of(size), values);
    }

    private static double[] slice(double[] values, int index) {
        return new double[] {values[index]};
    }
}
