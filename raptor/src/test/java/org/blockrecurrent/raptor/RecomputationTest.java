package org.blockrecurrent.raptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A training step that computes the steps of its rollouts again instead of keeping what they computed. */
class RecomputationTest {
    private static final TokenLayout LAYOUT = new TokenLayout(2, 61);
    private static final Phases PHASES = Phases.endingAt(3, 7);
    private static final int BATCH = 2;
    private static final int D = 12;

    static Stream<Arguments> cases() {
        return Stream.of(config(Mlp.Kind.SWIGLU, true), config(Mlp.Kind.GELU, true), config(Mlp.Kind.SWIGLU, false))
                .flatMap(config -> Stream.of(
                        Arguments.of("vector", (Supplier<Backend>) () -> VectorBackend.open(2), config),
                        Arguments.of("reference", (Supplier<Backend>) ReferenceBackend::new, config)));
    }

    private static RaptorConfig config(Mlp.Kind mlp, boolean depthScale) {
        return new RaptorConfig(D, 3, 25, mlp, 0.1f, 1e-5f, depthScale, 16);
    }

    /** Both rollouts at once: a block of the second phase adds to the gradients of its weights eight times. */
    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("cases")
    void the_gradients_are_the_same_bits(String name, Supplier<Backend> device, RaptorConfig config) {
        Map<String, double[]> kept = gradients(device, config, Retention.EVERYTHING);
        Map<String, double[]> again = gradients(device, config, Retention.INPUTS);
        assertThat(again.keySet()).isEqualTo(kept.keySet());
        kept.forEach((parameter, values) -> {
            assertThat(again.get(parameter)).as(parameter).isEqualTo(values);
            assertThat(values).as(parameter).isNotEqualTo(new double[values.length]);
        });
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("cases")
    void the_peak_is_lower(String name, Supplier<Backend> device, RaptorConfig config) {
        long kept = peak(device, config, Retention.EVERYTHING);
        long again = peak(device, config, Retention.INPUTS);
        // Of fourteen applications, one is whole at a time; the teacher's states and the input of each stay.
        assertThat(again).isLessThan(kept / 2);
    }

    private static Map<String, double[]> gradients(Supplier<Backend> device, RaptorConfig config, Retention retention) {
        try (Backend backend = device.get()) {
            ParameterSource source = ParameterSource.fresh(backend, 3);
            Raptor raptor = new Raptor(config, PHASES, LAYOUT, source);
            Map<String, double[]> values = new LinkedHashMap<>();
            try (Scope step = backend.openScope()) {
                Gradients gradients = Backpropagation.from(loss(raptor, backend, retention));
                for (Parameter parameter : source.parameters().all()) {
                    values.put(parameter.name(), gradients.of(parameter).toDoubles());
                }
            }
            return values;
        }
    }

    private static long peak(Supplier<Backend> device, RaptorConfig config, Retention retention) {
        try (Backend backend = device.get();
                Scope step = backend.openScope()) {
            Raptor raptor = new Raptor(config, PHASES, LAYOUT, ParameterSource.fresh(backend, 3));
            Backpropagation.from(loss(raptor, backend, retention));
            return backend.peakBytes();
        }
    }

    private static Tensor loss(Raptor raptor, Backend backend, Retention retention) {
        StepState state = new StepState(backend);
        state.begin(1, 0, 0.3f);
        TrajectoryLoss loss =
                new TrajectoryLoss(TokenWeights.publishedStage2(), List.of(new Phase(1, 3), new Phase(4, 7)));
        return loss.of(raptor.unrolled(retention), teacher(backend), state, 0.3);
    }

    private static Trajectory teacher(Backend backend) {
        List<Tensor> states = new ArrayList<>();
        for (int layer = 0; layer <= PHASES.layers(); layer++) {
            float[] values = new float[BATCH * LAYOUT.tokens() * D];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(0.3 * i + layer);
            }
            states.add(backend.tensor(Shape.of(BATCH, LAYOUT.tokens(), D), values));
        }
        return new Trajectory(states, LAYOUT);
    }
}
