package org.blockrecurrent.vit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class InferenceMemoryTest {
    /** How much more than is used the estimate may be. */
    private static final double SLACK = 1.25;

    static Stream<VitConfig> configs() {
        return Stream.of(
                config(64, 4, 4 * 64, Mlp.Kind.GELU, 4, Pooling.CLS, VitForm.dinov2(4)),
                config(96, 3, 2 * 96, Mlp.Kind.SWIGLU, 0, Pooling.CLS, VitForm.dinov2(0)),
                config(64, 4, 4 * 64, Mlp.Kind.GELU_TANH, 0, Pooling.ATTENTION, VitForm.siglip()),
                config(64, 4, 4 * 64, Mlp.Kind.QUICK_GELU, 0, Pooling.CLS, VitForm.clip()),
                config(16, 2, 16, Mlp.Kind.GELU, 0, Pooling.CLS, VitForm.PLAIN));
    }

    private static VitConfig config(
            int D, int heads, int F, Mlp.Kind mlp, int registers, Pooling pooling, VitForm form) {
        return new VitConfig(3, 112, 140, 14, D, 3, heads, F, mlp, registers, 1, 1e-6f, 0, 0, pooling, form);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void an_image_takes_what_is_estimated_and_not_much_less(VitConfig config) {
        double measured = (peak(config, 5) - peak(config, 1)) / 4.0;
        double estimated = InferenceMemory.bytesPerImage(config);
        assertThat(estimated).isBetween(measured, SLACK * measured);
    }

    private static long peak(VitConfig config, int batch) {
        try (Backend backend = VectorBackend.open(1);
                Scope scope = backend.openScope()) {
            VisionTransformer model = new VisionTransformer(
                    config, ParameterSource.fresh(backend, 1).frozen());
            model.pool(model.lastState(backend.zeros(Shape.of(batch, 3, 112, 140))));
            return backend.peakBytes();
        }
    }

    /** What 15 more images add: the weights, which do grow with depth, are there before. */
    @ParameterizedTest
    @EnumSource(names = {"GELU", "SWIGLU"})
    void the_peak_of_inference_is_the_same_at_depth_4_and_12(Mlp.Kind mlp) {
        assertThat(added(12, mlp)).isEqualTo(added(4, mlp)).isPositive();
    }

    private static long added(int layers, Mlp.Kind mlp) {
        VitConfig config =
                new VitConfig(1, 28, 28, 4, 48, layers, 3, 96, mlp, 2, 1, 1e-6f, 0, 5, Pooling.CLS_AND_MEAN_PATCH);
        try (VectorBackend backend = VectorBackend.open(1)) {
            VisionTransformer model = new VisionTransformer(
                    config, ParameterSource.fresh(backend, 1).frozen());
            long one = afterLogits(model, backend, 1);
            return afterLogits(model, backend, 16) - one;
        }
    }

    private static long afterLogits(VisionTransformer model, VectorBackend backend, int batch) {
        try (Scope scope = backend.openScope()) {
            model.logits(backend.zeros(Shape.of(batch, 1, 28, 28)));
        }
        return backend.peakBytes();
    }

    @Test
    void inference_that_repeats_takes_no_new_array_from_the_heap() {
        try (VectorBackend backend = VectorBackend.open(1)) {
            VisionTransformer model = new VisionTransformer(
                    VitConfig.quickStart(), ParameterSource.fresh(backend, 1).frozen());
            afterLogits(model, backend, 8);
            long fresh = backend.freshArrays();
            afterLogits(model, backend, 8);
            assertThat(backend.freshArrays()).isEqualTo(fresh);
        }
    }

    @Test
    void the_weights_of_dinov2_base_take_their_bytes() {
        assertThat(InferenceMemory.weightBytes(VitConfig.dinov2Base(4))).isEqualTo(4L * 86_583_552);
    }

    @Test
    void a_batch_is_as_large_as_fits_and_no_larger_than_is_of_use() {
        VitConfig base = VitConfig.dinov2Base(4).withImage(224, 224);
        long perImage = InferenceMemory.bytesPerImage(base);
        assertThat(perImage).isBetween(9L << 20, 13L << 20);
        int some = InferenceMemory.batchSize(base, 100 * perImage / 10);
        assertThat(some).isEqualTo(6);
        assertThat(InferenceMemory.batchSize(base, Long.MAX_VALUE / 4)).isEqualTo(32);
        assertThat(InferenceMemory.batchSize(base.withImage(518, 518), 100 * perImage / 10))
                .isEqualTo(1);
        assertThat(InferenceMemory.freeHeap())
                .isBetween(1L, Runtime.getRuntime().maxMemory());
    }

    @Test
    void an_image_that_does_not_fit_is_refused_with_what_it_needs() {
        VitConfig large = VitConfig.dinov2Giant(0).withImage(1400, 1400);
        assertThatThrownBy(() -> InferenceMemory.batchSize(large, 64L << 20))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("1400 x 1400")
                .hasMessageContaining("-Xmx");
    }
}
