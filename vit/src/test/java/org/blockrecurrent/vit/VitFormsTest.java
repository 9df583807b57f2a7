package org.blockrecurrent.vit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.image.Normalization;
import org.blockrecurrent.vit.training.LearningCurve;
import org.blockrecurrent.vit.training.TeacherCard;
import org.blockrecurrent.vit.training.TeacherTraining;
import org.blockrecurrent.vit.training.VitCheckpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published families' forms as models of our own: trained, resized, looked into. */
class VitFormsTest {
    private static final int D = 8;
    private static final int CLASSES = 3;

    @TempDir
    Path folder;

    private final Backend backend = new ReferenceBackend();

    @AfterEach
    void close() {
        backend.close();
    }

    private static VitConfig config(Mlp.Kind mlp, int registers, Pooling pooling, VitForm form) {
        return new VitConfig(1, 8, 12, 4, D, 2, 2, 12, mlp, registers, 0.5f, 1e-6f, 0, CLASSES, pooling, form);
    }

    static Stream<VitConfig> forms() {
        VitForm distilled = new VitForm(true, true, false, 2, PositionRule.BICUBIC, true, false, false, true);
        return Stream.of(
                config(Mlp.Kind.SWIGLU, 2, Pooling.CLS_AND_MEAN_PATCH, VitForm.PLAIN),
                config(Mlp.Kind.QUICK_GELU, 0, Pooling.CLS, VitForm.clip()),
                config(Mlp.Kind.GELU_TANH, 0, Pooling.ATTENTION, VitForm.siglip()),
                config(Mlp.Kind.GELU, 3, Pooling.ATTENTION, VitForm.siglip().withPositionedPrefix(3)),
                config(Mlp.Kind.GELU, 0, Pooling.MEAN_PATCH, VitForm.siglip()),
                config(Mlp.Kind.GELU, 2, Pooling.NORM_OF_MEAN_PATCH, VitForm.PLAIN.withPositionedPrefix(0)),
                config(Mlp.Kind.GELU, 0, Pooling.TANH_OF_CLS, VitForm.PLAIN),
                config(Mlp.Kind.GELU, 0, Pooling.CLS_AND_DISTILLATION, distilled));
    }

    private Tensor images(VitConfig config, int B) {
        float[] pixels = new float[B * config.imageHeight() * config.imageWidth()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(i * 0.7);
        }
        return backend.tensor(Shape.of(B, 1, config.imageHeight(), config.imageWidth()), pixels);
    }

    private VisionTransformer frozen(VitConfig config) {
        return new VisionTransformer(config, ParameterSource.fresh(backend, 1).frozen());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void every_parameter_of_a_form_has_a_gradient(VitConfig config) {
        VisionTransformer model = new VisionTransformer(config, ParameterSource.fresh(backend, 1));
        Tensor logits = model.trainingLogits(images(config, 4), new StochasticDepth(0, 0, new StepState(backend)));
        logits.require("logits", 4, CLASSES);
        Tensor labels = backend.tensor(Shape.of(4), 0, 1, 2, 0);
        Gradients gradients = Backpropagation.from(CrossEntropyOp.forward(logits, labels, 0));
        for (Parameter parameter : model.parameters().all()) {
            double largest = 0;
            for (double g : gradients.of(parameter).toDoubles()) {
                largest = Math.max(largest, Math.abs(g));
            }
            assertThat(largest).as(parameter.name()).isPositive().isFinite();
        }
    }

    /** A directional difference of the loss: that the gradients are the right ones, through every readout. */
    @ParameterizedTest
    @MethodSource("forms")
    void the_gradients_of_a_form_are_those_of_its_loss(VitConfig config) {
        double h = 1e-6; // fresh tokens are small, which makes the norms steep
        double[] losses = new double[2];
        double slope = 0;
        for (int side = 0; side < 2; side++) {
            double step = side == 0 ? -h : h;
            losses[side] = loss(moved(config, step), config).item();
        }
        VisionTransformer model = moved(config, 0);
        Gradients gradients = Backpropagation.from(loss(model, config));
        for (Parameter parameter : model.parameters().all()) {
            double[] g = gradients.of(parameter).toDoubles();
            for (int i = 0; i < g.length; i++) {
                slope += g[i] * direction(i);
            }
        }
        assertThat((losses[1] - losses[0]) / (2 * h)).isCloseTo(slope, within(1e-6 * (1 + Math.abs(slope))));
    }

    private static double direction(int i) {
        return Math.cos(1.3 * i);
    }

    private Tensor loss(VisionTransformer model, VitConfig config) {
        Tensor logits = model.trainingLogits(images(config, 2), new StochasticDepth(0, 0, new StepState(backend)));
        return CrossEntropyOp.forward(logits, backend.tensor(Shape.of(2), 0, 2), 0);
    }

    private VisionTransformer moved(VitConfig config, double step) {
        VisionTransformer model = new VisionTransformer(config, ParameterSource.fresh(backend, 3));
        for (Parameter parameter : model.parameters().all()) {
            double[] values = parameter.value().toDoubles();
            for (int i = 0; i < values.length; i++) {
                values[i] += step * direction(i);
            }
            backend.write(parameter.value().storage(), values);
        }
        return model;
    }

    @ParameterizedTest
    @MethodSource("forms")
    void a_form_survives_a_checkpoint(VitConfig config) {
        VisionTransformer model = frozen(config);
        TeacherCard card = new TeacherCard(
                config,
                TeacherTraining.smoke(),
                new Normalization(List.of(0f), List.of(1f)),
                "none",
                0.1,
                1,
                LearningCurve.EMPTY);
        VitCheckpoint.save(folder.resolve("teacher.safetensors"), model, card);
        VisionTransformer loaded = VitCheckpoint.load(folder.resolve("teacher.safetensors"), backend)
                .model();
        assertThat(loaded.config()).isEqualTo(config);
        assertThat(loaded.logits(images(config, 1)).toArray())
                .isEqualTo(model.logits(images(config, 1)).toArray());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void a_form_takes_images_of_other_sizes(VitConfig config) {
        VisionTransformer model = frozen(config);
        VisionTransformer wide = model.at(4, 20);
        VitConfig other = wide.config();
        assertThat(wide.layout()).isEqualTo(config.withImage(4, 20).layout());
        assertThat(wide.logits(images(other, 2)).toArray()).hasSize(2 * CLASSES).doesNotContain(Float.NaN);
        assertThat(wide.parameters().get("pos_embed").shape()).isEqualTo(Shape.of(1, other.positionRows(), D));
        assertThat(wide.at(config.imageHeight(), config.imageWidth())).isSameAs(model);
        assertThat(wide.at(4, 8).parameters().get("pos_embed").value().toDoubles())
                .isEqualTo(model.at(4, 8).parameters().get("pos_embed").value().toDoubles());
        assertThatThrownBy(() -> model.at(9, 12))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("height 8 or 12 would fit");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void the_shapes_of_a_form_are_known_without_its_memory(VitConfig config) {
        VisionTransformer model = frozen(config);
        assertThat(VisionTransformer.shapes(config).keySet())
                .containsExactlyElementsOf(
                        model.parameters().all().stream().map(Parameter::name).toList());
        VisionTransformer.shapes(config)
                .forEach((name, shape) ->
                        assertThat(model.parameters().get(name).shape()).isEqualTo(shape));
    }

    @Test
    void features_are_read_by_kind_of_token_after_any_layer() {
        VitConfig config = config(Mlp.Kind.GELU, 2, Pooling.CLS, VitForm.PLAIN);
        VisionTransformer model = frozen(config);
        Tensor images = images(config, 2);
        TokenFeatures last = TokenFeatures.of(model, images);
        last.cls().require("cls", 2, D);
        last.registers().require("registers", 2, 2, D);
        last.patches().require("patches", 2, 6, D);
        assertThat(last.meanPatch().toDoubles()).isEqualTo(meanOf(last.patches()));
        List<TokenFeatures> layers = TokenFeatures.afterLayers(model, images, List.of(2, 0), true);
        assertThat(layers.get(0).tokens().toDoubles()).isEqualTo(last.tokens().toDoubles());
        assertThat(layers.get(1).tokens().toDoubles())
                .isEqualTo(model.norm(model.embed(images)).toDoubles());
        assertThatThrownBy(last::distillation).hasMessageContaining("no distillation token");
        assertThatThrownBy(() -> TokenFeatures.afterLayers(model, images, List.of(3), false))
                .hasMessageContaining("only 0 to 2");
    }

    private static double[] meanOf(Tensor patches) {
        double[] values = patches.toDoubles();
        double[] mean = new double[patches.dim(0) * D];
        for (int b = 0; b < patches.dim(0); b++) {
            for (int n = 0; n < patches.dim(1); n++) {
                for (int d = 0; d < D; d++) {
                    mean[b * D + d] += values[(b * patches.dim(1) + n) * D + d];
                }
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= patches.dim(1);
        }
        return mean;
    }

    @Test
    void the_rows_of_an_attention_map_are_distributions() {
        VitConfig config = config(Mlp.Kind.GELU, 1, Pooling.CLS, VitForm.PLAIN);
        VisionTransformer model = frozen(config);
        AttentionMap map = AttentionMap.of(model, model.embed(images(config, 2)), 1);
        assertThat(map.weights()).hasSize(2 * 2 * 8 * 8);
        for (int token = 0; token < 8; token++) {
            double[] row = map.row(1, 1, token);
            assertThat(row).hasSize(8);
            assertThat(java.util.Arrays.stream(row).sum()).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void masked_patches_are_all_alike_before_their_positions() {
        VitForm form = VitForm.PLAIN.withMaskToken(true);
        VitConfig config = config(Mlp.Kind.GELU, 0, Pooling.CLS, form);
        VisionTransformer model = frozen(config);
        Tensor images = images(config, 1);
        boolean[][] nothing = new boolean[1][6];
        assertThat(model.embed(images, nothing).toDoubles())
                .isEqualTo(model.embed(images).toDoubles());
        boolean[][] all = {{true, true, true, true, true, true}};
        double[] x = model.embed(images, all).toDoubles();
        double[] positions = model.parameters().get("pos_embed").value().toDoubles();
        double[] mask = model.parameters().get("mask_token").value().toDoubles();
        for (int i = D; i < x.length; i++) {
            assertThat(x[i]).isCloseTo(mask[i % D] + positions[i], within(1e-12));
        }
        assertThatThrownBy(() -> model.embed(images, new boolean[1][5])).hasMessageContaining("needed 1 x 6");
        VisionTransformer without = frozen(config(Mlp.Kind.GELU, 0, Pooling.CLS, VitForm.PLAIN));
        assertThatThrownBy(() -> without.embed(images, all)).hasMessageContaining("no mask token");
    }

    @Test
    void rows_of_length_one_point_where_the_rows_did() {
        double[] unit = TokenFeatures.unitRows(backend.tensor(Shape.of(2, 2), 3, 4, 0, 0))
                .toDoubles();
        assertThat(unit[0]).isCloseTo(0.6, within(1e-12));
        assertThat(unit[1]).isCloseTo(0.8, within(1e-12));
        assertThat(unit[2]).isZero();
    }
}
