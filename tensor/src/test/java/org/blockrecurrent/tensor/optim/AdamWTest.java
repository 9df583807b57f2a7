package org.blockrecurrent.tensor.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.io.Checkpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdamWTest {
    private static final AdamW.Config CONFIG = new AdamW.Config(0.9f, 0.99f, 1e-8f, 0.05f, 1);
    private static final float LEARNING_RATE = 0.01f;
    /** Two double computations of one formula: about ten roundings a step, three steps, values of order one. */
    private static final double ROUNDING = 64 * 0x1p-53;

    @TempDir
    Path folder;

    private final ReferenceBackend backend = new ReferenceBackend();
    private final Parameter weight = new Parameter("weight", backend.tensor(Shape.of(2, 2), 1, -2, 0.5f, 3), true);
    private final Parameter bias = new Parameter("bias", backend.tensor(Shape.of(2), 0.25f, -0.75f), true);
    private final Parameter frozen = new Parameter("frozen", backend.tensor(Shape.of(2), 1, 1), false);
    private final Parameter unused = new Parameter("unused", backend.tensor(Shape.of(2), 1, 1), true);
    private final List<Parameter> all = List.of(weight, bias, frozen, unused);
    private final StepState state = new StepState(backend);

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void three_steps_are_those_of_the_formula() {
        AdamW optimizer = new AdamW(all, AdamW::isMatrix, CONFIG);
        Moments weightMoments = new Moments(weight.value().toDoubles());
        Moments biasMoments = new Moments(bias.value().toDoubles());
        float[][] dweight = {{0.125f, -0.5f, 0.25f, 0}, {8, 4, -2, 1}, {-0.25f, 0.125f, 0.0625f, -1}};
        float[][] dbias = {{0.5f, 0.25f}, {-16, 2}, {0, 0.5f}};
        for (int step = 1; step <= 3; step++) {
            step(optimizer, step, dweight[step - 1], dbias[step - 1]);
            double norm = Math.sqrt(squares(dweight[step - 1]) + squares(dbias[step - 1]));
            double clip = Math.min(1, 1 / (norm + 1e-6));
            assertThat(state.gradientNorm()).isEqualTo(norm);
            weightMoments.step(dweight[step - 1], clip, step, 0.05);
            biasMoments.step(dbias[step - 1], clip, step, 0);
            requireClose("weight after step " + step, weight.value().toDoubles(), weightMoments.p);
            requireClose("bias after step " + step, bias.value().toDoubles(), biasMoments.p);
        }
    }

    @Test
    void frozen_parameters_and_those_without_a_gradient_are_left_alone() {
        AdamW optimizer = new AdamW(all, parameter -> true, CONFIG);
        step(optimizer, 1, new float[] {1, 1, 1, 1}, new float[] {1, 1});
        assertThat(frozen.value().toArray()).containsExactly(1, 1);
        assertThat(unused.value().toArray()).containsExactly(1, 1);
        assertThat(optimizer.state())
                .containsOnlyKeys(
                        "optimizer.m.weight",
                        "optimizer.v.weight",
                        "optimizer.m.bias",
                        "optimizer.v.bias",
                        "optimizer.m.unused",
                        "optimizer.v.unused");
        assertThat(optimizer.state().get("optimizer.m.unused").toArray()).containsExactly(0, 0);
    }

    @Test
    void only_the_parameters_that_the_predicate_names_decay() {
        AdamW optimizer = new AdamW(all, parameter -> parameter == bias, CONFIG);
        step(optimizer, 1, new float[4], new float[2]); // a gradient of zero: decay alone moves
        assertThat(weight.value().toArray()).containsExactly(1, -2, 0.5f, 3);
        double kept = 1 - 0.01 * 0.05;
        requireClose("bias", bias.value().toDoubles(), new double[] {kept * 0.25, kept * -0.75});
    }

    @Test
    void a_gradient_that_is_not_finite_leaves_parameters_and_moments_as_they_are() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            AdamW optimizer = new AdamW(all, AdamW::isMatrix, CONFIG);
            step(optimizer, 1, new float[] {1, 2, 3, 4}, new float[] {5, 6});
            Map<String, double[]> before = values(optimizer);
            step(optimizer, 2, new float[] {1, 1, bad, 1}, new float[] {1, 1});
            assertThat(state.wasSkipped()).isTrue();
            values(optimizer)
                    .forEach((name, values) -> assertThat(values).as(name).isEqualTo(before.get(name)));
            step(optimizer, 3, new float[] {1, 1, 1, 1}, new float[] {1, 1});
            assertThat(state.wasSkipped()).isFalse();
            assertThat(weight.value().toDoubles()).isNotEqualTo(before.get("weight"));
        }
    }

    @Test
    void a_step_marks_what_backends_keep_packed_as_stale() {
        AdamW optimizer = new AdamW(all, AdamW::isMatrix, CONFIG);
        int version = weight.value().storage().version();
        step(optimizer, 1, new float[4], new float[2]);
        assertThat(weight.value().storage().version()).isNotEqualTo(version);
    }

    @Test
    void an_optimizer_restored_from_a_checkpoint_has_the_same_moments() {
        AdamW optimizer = new AdamW(all, AdamW::isMatrix, CONFIG);
        step(optimizer, 1, new float[] {0.5f, 2, 3, 4}, new float[] {5, 6});
        Path file = folder.resolve("moments.safetensors");
        Checkpoint.save(file, optimizer.state(), Map.of());
        AdamW restored = new AdamW(all, AdamW::isMatrix, CONFIG);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            restored.restore(checkpoint.values(""));
            checkpoint.requireExactly("optimizer.");
        }
        optimizer
                .state()
                .forEach((name, moment) -> assertThat(restored.state().get(name).toArray())
                        .as(name)
                        .isEqualTo(moment.toArray()));
        assertThat(restored.state().get("optimizer.v.weight").toArray()).doesNotContain(0);
    }

    @Test
    void settings_and_parameters_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> new AdamW.Config(1, 0.9f, 1e-8f, 0, 1))
                .hasMessageContaining("beta1 must be in [0, 1)");
        assertThatThrownBy(() -> new AdamW.Config(0, Float.NaN, 1e-8f, 0, 1)).hasMessageContaining("beta2");
        assertThatThrownBy(() -> new AdamW.Config(0, 0, 0, 0, 1)).hasMessageContaining("eps");
        assertThatThrownBy(() -> AdamW.Config.of(-1, 1)).hasMessageContaining("weightDecay");
        assertThatThrownBy(() -> AdamW.Config.of(0, 0)).hasMessageContaining("maxGradientNorm");
        assertThatThrownBy(() -> new AdamW(List.of(frozen), AdamW::isMatrix, CONFIG))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("none of the 1 parameters is trainable");
        assertThatThrownBy(() -> new AdamW(List.of(bias, bias), AdamW::isMatrix, CONFIG))
                .hasMessageContaining("bias");
    }

    @Test
    void a_loss_that_depends_on_no_parameter_of_the_optimizer_is_a_mistake() {
        AdamW optimizer = new AdamW(List.of(unused), AdamW::isMatrix, CONFIG);
        assertThatThrownBy(() -> step(optimizer, 1, new float[4], new float[2]))
                .isInstanceOf(IllegalStateException.class);
    }

    /** One step with the loss Σ weight ⊙ dweight + Σ bias ⊙ dbias, whose gradients are the factors. */
    private void step(AdamW optimizer, int step, float[] dweight, float[] dbias) {
        state.begin(step, LEARNING_RATE, 0);
        try (Scope scope = backend.openScope()) {
            Tensor loss = weight.value()
                    .multiply(backend.tensor(weight.shape(), dweight))
                    .sum();
            loss = loss.add(
                    bias.value().multiply(backend.tensor(bias.shape(), dbias)).sum());
            Gradients gradients = Backpropagation.from(loss);
            optimizer.step(gradients, state);
            assertThat(scope.liveStorages()).isPositive();
        }
    }

    private Map<String, double[]> values(AdamW optimizer) {
        Map<String, double[]> values = new LinkedHashMap<>();
        optimizer.state().forEach((name, moment) -> values.put(name, moment.toDoubles()));
        values.put("weight", weight.value().toDoubles());
        values.put("bias", bias.value().toDoubles());
        return values;
    }

    private static double squares(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    private static void requireClose(String name, double[] actual, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            double bound = ROUNDING * Math.max(1, Math.abs(expected[i]));
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as(name + "[" + i + "]")
                    .isLessThanOrEqualTo(bound);
        }
    }

    /** AdamW of one parameter in PyTorch's order of operations: decay first, then the step. */
    private static final class Moments {
        final double[] p;
        private final double[] m;
        private final double[] v;

        Moments(double[] p) {
            this.p = p;
            m = new double[p.length];
            v = new double[p.length];
        }

        void step(float[] gradient, double clip, int step, double decay) {
            for (int i = 0; i < p.length; i++) {
                double g = gradient[i] * clip;
                p[i] -= 0.01 * decay * p[i];
                m[i] += (g - m[i]) * (1 - 0.9);
                v[i] = v[i] * 0.99 + (1 - 0.99) * g * g;
                double denominator = Math.sqrt(v[i]) / Math.sqrt(1 - Math.pow(0.99, step)) + 1e-8;
                p[i] -= 0.01 / (1 - Math.pow(0.9, step)) * (m[i] / denominator);
            }
        }
    }
}
