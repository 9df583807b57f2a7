package org.blockrecurrent.vit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A training step that computes its blocks again instead of keeping what they computed. */
class RecomputationTest {
    private static final int BATCH = 5;
    private static final int CLASSES = 3;

    static Stream<Arguments> cases() {
        return Stream.of(Mlp.Kind.GELU, Mlp.Kind.SWIGLU)
                .flatMap(mlp -> Stream.of(
                        Arguments.of("vector", (Supplier<Backend>) () -> VectorBackend.open(2), mlp),
                        Arguments.of("reference", (Supplier<Backend>) ReferenceBackend::new, mlp)));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("cases")
    void the_gradients_are_the_same_bits(String name, Supplier<Backend> device, Mlp.Kind mlp) {
        Map<String, double[]> kept = gradients(device, mlp, Retention.EVERYTHING);
        Map<String, double[]> again = gradients(device, mlp, Retention.INPUTS);
        assertThat(again.keySet()).isEqualTo(kept.keySet()).contains("blocks.3.ls1.gamma", "pos_embed");
        kept.forEach((parameter, values) -> {
            assertThat(again.get(parameter)).as(parameter).isEqualTo(values);
            assertThat(values).as(parameter).isNotEqualTo(new double[values.length]);
        });
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("cases")
    void the_peak_is_lower_and_nothing_of_it_is_left(String name, Supplier<Backend> device, Mlp.Kind mlp) {
        Memory kept = memory(device, mlp, Retention.EVERYTHING);
        Memory again = memory(device, mlp, Retention.INPUTS);
        // Of four blocks, one is whole at a time; parameters, gradients and the input of each block stay.
        assertThat(again.peakBytes()).isLessThan(kept.peakBytes() * 6 / 10);
        assertThat(again.storagesLeft()).isEqualTo(kept.storagesLeft());
    }

    /** Of a step: its peak, and what lives on until its scope closes. */
    private record Memory(long peakBytes, int storagesLeft) {}

    private static Map<String, double[]> gradients(Supplier<Backend> device, Mlp.Kind mlp, Retention retention) {
        try (Backend backend = device.get()) {
            VisionTransformer model = new VisionTransformer(config(mlp), ParameterSource.fresh(backend, 3));
            Map<String, double[]> values = new LinkedHashMap<>();
            try (Scope step = backend.openScope()) {
                Gradients gradients = Backpropagation.from(loss(backend, model, retention));
                for (Parameter parameter : model.parameters().all()) {
                    values.put(parameter.name(), gradients.of(parameter).toDoubles());
                }
            }
            return values;
        }
    }

    private static Memory memory(Supplier<Backend> device, Mlp.Kind mlp, Retention retention) {
        try (Backend backend = device.get()) {
            VisionTransformer model = new VisionTransformer(config(mlp), ParameterSource.fresh(backend, 3));
            try (Scope step = backend.openScope()) {
                Backpropagation.from(loss(backend, model, retention));
                return new Memory(backend.peakBytes(), step.liveStorages());
            }
        }
    }

    private static Tensor loss(Backend backend, VisionTransformer model, Retention retention) {
        StepState state = new StepState(backend);
        state.begin(7, 0, 0);
        float[] pixels = new float[BATCH * 32 * 32];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(0.7 * i);
        }
        Tensor images = backend.tensor(Shape.of(BATCH, 1, 32, 32), pixels);
        Tensor labels = backend.tensor(Shape.of(BATCH), 0, 1, 2, 0, 1);
        StochasticDepth drop = new StochasticDepth(0.3f, 11, state);
        return CrossEntropyOp.forward(model.trainingLogits(images, drop, retention), labels, 0.1f);
    }

    private static VitConfig config(Mlp.Kind mlp) {
        return new VitConfig(1, 32, 32, 4, 12, 4, 3, 25, mlp, 2, 0.5f, 1e-6f, 0.3f, CLASSES, VitConfig.Pooling.CLS);
    }
}
