package org.blockrecurrent.vit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageSet;
import org.blockrecurrent.vit.data.Pictures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VisionTransformerTest {
    private static final int SIDE = 8;

    private final Backend backend = new ReferenceBackend();

    @AfterEach
    void close() {
        backend.close();
    }

    private static VitConfig config(int layers, int registers) {
        return new VitConfig(
                1,
                SIDE,
                SIDE,
                4,
                8,
                layers,
                2,
                16,
                Mlp.Kind.GELU,
                registers,
                0.1f,
                1e-6f,
                0.5f,
                3,
                VitConfig.Pooling.CLS);
    }

    private VisionTransformer frozen(VitConfig config) {
        return new VisionTransformer(config, ParameterSource.fresh(backend, 1).frozen());
    }

    private static Tensor images(Backend backend, int B) {
        float[] pixels = new float[B * SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(i);
        }
        return backend.tensor(Shape.of(B, 1, SIDE, SIDE), pixels);
    }

    @Test
    void a_frozen_model_records_nothing() {
        VisionTransformer model = frozen(config(2, 1));
        Trajectory trajectory = Trajectory.of(model, model.embed(images(backend, 2)));
        Tensor logits = model.classify(trajectory.state(2));
        assertThat(trajectory.states()).allMatch(state -> state.op() == null && !state.requiresGradient());
        assertThat(logits.op()).isNull();
        assertThat(model.parameters().trainable()).isEmpty();
    }

    @Test
    void a_trajectory_holds_the_outputs_of_successive_blocks() {
        VisionTransformer model = frozen(config(3, 2));
        Tensor x = model.embed(images(backend, 2));
        Trajectory trajectory = Trajectory.of(model, x);
        assertThat(trajectory.layers()).isEqualTo(3);
        for (int layer = 0; layer <= 3; layer++) {
            assertThat(trajectory.state(layer).toDoubles()).isEqualTo(x.toDoubles());
            x = layer < 3 ? model.step(x, layer + 1) : x;
        }
        assertThat(model.lastState(images(backend, 2)).toDoubles()).isEqualTo(x.toDoubles());
        assertThat(model.logits(images(backend, 2)).toDoubles())
                .isEqualTo(model.classify(x).toDoubles());
    }

    @Test
    void a_stream_of_trajectories_shows_every_image_with_its_label() {
        ImageSet set = Pictures.of(7, 1, SIDE, SIDE, 3);
        Batches batches = Batches.evaluation(set, set.normalization(), 3);
        VisionTransformer model = frozen(config(2, 1));
        List<Integer> labels = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        List<Trajectory> seen = new ArrayList<>();
        TrajectoryStream.forEach(model, model, backend, batches, (trajectory, batchLabels) -> {
            sizes.add(trajectory.batch());
            seen.add(trajectory);
            for (int label : batchLabels) {
                labels.add(label);
            }
        });
        assertThat(labels).containsExactly(0, 1, 2, 0, 1, 2, 0);
        assertThat(sizes).containsExactly(3, 3, 1);
        assertThat(seen).allMatch(trajectory -> trajectory.state(2).isReleased());
    }

    @Test
    void the_peak_memory_of_inference_does_not_grow_with_depth() {
        assertThat(inferencePeak(12)).isEqualTo(inferencePeak(3));
    }

    /** Bytes beyond the parameters. */
    private static long inferencePeak(int layers) {
        try (Backend fresh = new ReferenceBackend()) {
            VisionTransformer model = new VisionTransformer(
                    config(layers, 2), ParameterSource.fresh(fresh, 1).frozen());
            long parameters = fresh.peakBytes();
            try (Scope scope = fresh.openScope()) {
                model.logits(images(fresh, 16));
            }
            return fresh.peakBytes() - parameters;
        }
    }

    @Test
    void dropped_branches_are_left_out_and_the_others_scaled_so_that_the_mean_stays() {
        int B = 4000;
        StepState state = new StepState(backend);
        state.begin(3, 0, 0);
        double[] mask = new StochasticDepth(0.25f, 5, state)
                .mask(backend, B, 2, 1, "mlp")
                .toDoubles();
        double sum = 0;
        for (int b = 0; b < B; b++) {
            assertThat(mask[2 * b]).isIn(0.0, 1 / 0.75).isEqualTo(mask[2 * b + 1]);
            sum += mask[2 * b];
        }
        // Five standard errors of a mean of B draws with variance p/(1 − p).
        assertThat(sum / B).isCloseTo(1, org.assertj.core.data.Offset.offset(5 * Math.sqrt(0.25 / 0.75 / B)));
    }

    @Test
    void training_without_dropping_computes_what_inference_computes() {
        VisionTransformer model = frozen(config(2, 1));
        StepState state = new StepState(backend);
        Tensor images = images(backend, 2);
        StochasticDepth none = new StochasticDepth(0, 1, state);
        assertThat(model.trainingLogits(images, none).toDoubles())
                .isEqualTo(model.logits(images).toDoubles());
    }

    @Test
    void what_is_dropped_changes_with_the_step_and_comes_back_with_it() {
        VisionTransformer model = frozen(config(2, 1));
        StepState state = new StepState(backend);
        StochasticDepth drop = new StochasticDepth(0.5f, 1, state);
        double[] first = trainingLogits(model, state, drop, 1);
        double[] second = trainingLogits(model, state, drop, 2);
        assertThat(second).isNotEqualTo(first);
        assertThat(trainingLogits(model, state, drop, 1)).isEqualTo(first);
    }

    private double[] trainingLogits(VisionTransformer model, StepState state, StochasticDepth drop, int step) {
        state.begin(step, 0, 0);
        return model.trainingLogits(images(backend, 8), drop).toDoubles();
    }

    @Test
    void images_of_another_size_are_refused_with_both_shapes() {
        VisionTransformer model = frozen(config(1, 0));
        Tensor large = backend.zeros(Shape.of(2, 1, 2 * SIDE, 2 * SIDE));
        assertThatThrownBy(() -> model.embed(large))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("(2, 1, 8, 8)")
                .hasMessageContaining("(2, 1, 16, 16)");
    }

    @Test
    void a_model_without_a_head_cannot_classify() {
        VitConfig headless =
                new VitConfig(1, SIDE, SIDE, 4, 8, 1, 2, 16, Mlp.Kind.GELU, 0, 0, 1e-6f, 0, 0, VitConfig.Pooling.CLS);
        VisionTransformer model = frozen(headless);
        Tensor x = model.embed(images(backend, 1));
        assertThatThrownBy(() -> model.classify(x))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("head");
    }
}
