package org.blockrecurrent.cli.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.TokenWeights;
import org.blockrecurrent.raptor.TrajectoryLoss;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A tiny Raptor trained on the emulated CUDA device beside the double-precision reference: two blocks for four layers, both
 * losses blended, twenty steps. The images are drawn numbers: what is compared is arithmetic.
 */
class RaptorTrainingPlainTest {
    private static final int STEPS = 20;
    private static final int B = 3;
    private static final int LAYERS = 4;
    private static final TokenLayout LAYOUT = new TokenLayout(2, 5);
    private static final RaptorConfig CONFIG = new RaptorConfig(12, 3, 20, Mlp.Kind.SWIGLU, 0.3f, 1e-5f, true, 7);
    private static final long SEED = 5;

    /** As for the golden values of float backends: losses and gradients of losses, as shares of a tensor's largest value. */
    private static final double TOLERANCE = 1e-5;

    @BeforeEach
    void open_the_emulated_device() {
        Cuda.reset();
    }

    /** Each step starts from the reference's parameters, so that differences of rounding do not add up. */
    @Test
    void every_step_has_the_loss_and_the_gradients_of_the_reference() {
        try (Backend reference = new ReferenceBackend();
                Backend cuda = Cuda.open()) {
            Run truth = new Run(reference);
            Run run = new Run(cuda);
            for (int step = 1; step <= STEPS; step++) {
                run.takeParametersOf(truth);
                Map<String, double[]> expected = truth.step(step);
                Map<String, double[]> got = run.step(step);
                for (Map.Entry<String, double[]> value : expected.entrySet()) {
                    requireClose("step " + step + ", " + value.getKey(), got.get(value.getKey()), value.getValue());
                }
            }
        }
    }

    @Test
    void two_runs_are_equal_bit_for_bit() {
        float[][] first = trained();
        float[][] second = trained();
        assertThat(Arrays.deepEquals(first, second)).isTrue();
    }

    private static float[][] trained() {
        try (Backend cuda = Cuda.open()) {
            Run run = new Run(cuda);
            for (int step = 1; step <= STEPS; step++) {
                run.step(step);
            }
            List<float[]> values = new ArrayList<>();
            run.source
                    .parameters()
                    .all()
                    .forEach(parameter -> values.add(parameter.value().toArray()));
            return values.toArray(float[][]::new);
        }
    }

    private static void requireClose(String what, double[] got, double[] expected) {
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(got[i] - expected[i]))
                    .as("%s, element %d: %s, expected %s", what, i, got[i], expected[i])
                    .isLessThanOrEqualTo(TOLERANCE * largest);
        }
    }

    /** A Raptor in training on one backend. */
    private static final class Run {
        private final Backend backend;
        private final ParameterSource source;
        private final Raptor raptor;
        private final TrajectoryLoss loss =
                new TrajectoryLoss(TokenWeights.publishedStage2(), List.of(new Phase(1, LAYERS)));
        private final AdamW optimizer;
        private final StepState state;

        Run(Backend backend) {
            this.backend = backend;
            source = ParameterSource.fresh(backend, SEED);
            raptor = new Raptor(CONFIG, Phases.endingAt(2, LAYERS), LAYOUT, source);
            optimizer = new AdamW(source.parameters().trainable(), AdamW::isMatrix, AdamW.Config.of(0.05f, 1));
            state = new StepState(backend);
        }

        /** Both go on from the same floats. */
        void takeParametersOf(Run other) {
            for (Parameter parameter : source.parameters().all()) {
                Tensor theirs = other.source.parameters().get(parameter.name()).value();
                float[] rounded = theirs.toArray();
                backend.write(parameter.value().storage(), rounded);
                other.backend.write(theirs.storage(), rounded);
            }
        }

        /** Loss, gradient norm and all gradients by name, before the parameters move. */
        Map<String, double[]> step(int step) {
            Map<String, double[]> results = new LinkedHashMap<>();
            double teacherForcing = 1 - (step - 1.0) / STEPS;
            state.begin(step, 0.01f, (float) teacherForcing);
            try (Scope scope = backend.openScope()) {
                Tensor value = loss.of(raptor.unrolled(), trajectory(step), state, teacherForcing);
                scope.keep(value);
                Gradients gradients = Backpropagation.from(value);
                results.put("loss", value.toDoubles());
                for (Parameter parameter : source.parameters().trainable()) {
                    results.put(parameter.name(), gradient(parameter, gradients));
                }
                optimizer.step(gradients, state);
                results.put("gradient norm", new double[] {state.gradientNorm()});
            }
            return results;
        }

        /** Without the bias of the keys, which softmax ignores: its gradient is rounding noise. */
        private static double[] gradient(Parameter parameter, Gradients gradients) {
            double[] values = gradients.of(parameter).toDoubles();
            if (parameter.name().endsWith("attn.in_proj_bias")) {
                int third = values.length / 3;
                Arrays.fill(values, third, 2 * third, 0);
            }
            return values;
        }

        /** States of a teacher that drifts: each is the one before and a little more. */
        private Trajectory trajectory(int step) {
            List<Tensor> states = new ArrayList<>();
            float[] x = new float[B * LAYOUT.tokens() * CONFIG.embedDim()];
            Philox random = new Philox(SEED, Philox.streamOf("trajectory"), step);
            for (int layer = 0; layer <= LAYERS; layer++) {
                for (int i = 0; i < x.length; i++) {
                    x[i] += (float) random.normal((long) layer * x.length + i) / (1 + layer);
                }
                states.add(backend.tensor(Shape.of(B, LAYOUT.tokens(), CONFIG.embedDim()), x));
            }
            return new Trajectory(states, LAYOUT);
        }
    }
}
