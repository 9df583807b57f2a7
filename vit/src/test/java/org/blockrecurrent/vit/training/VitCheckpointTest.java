package org.blockrecurrent.vit.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.Checkpoint;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.image.Normalization;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VitCheckpointTest {
    private static final VitConfig CONFIG = TinyTeacher.config();

    private final VectorBackend backend = VectorBackend.open(1);

    @TempDir
    private Path folder;

    private Path file;
    private VisionTransformer model;

    @BeforeEach
    void save() {
        file = folder.resolve("teacher.safetensors");
        model = new VisionTransformer(CONFIG, ParameterSource.fresh(backend, 3));
        VitCheckpoint.save(file, model, card(CONFIG));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static TeacherCard card(VitConfig config) {
        LearningCurve curve = new LearningCurve(List.of(new LearningCurve.Point(20, 1.5, null, 1e-3, 0.25)));
        Normalization normalization = new Normalization(List.of(0.3f), List.of(0.4f));
        return new TeacherCard(config, TinyTeacher.training(), normalization, "pictures", 0.75, 0.9, curve);
    }

    @Test
    void what_was_saved_is_loaded_bit_for_bit_and_frozen() {
        Teacher teacher = VitCheckpoint.load(file, backend);
        assertThat(teacher.card()).isEqualTo(card(CONFIG));
        assertThat(VitCheckpoint.card(file)).isEqualTo(card(CONFIG));
        assertThat(teacher.model().parameters().trainable()).isEmpty();
        model.parameters()
                .all()
                .forEach(parameter -> assertThat(teacher.model()
                                .parameters()
                                .get(parameter.name())
                                .value()
                                .toArray())
                        .as(parameter.name())
                        .isEqualTo(parameter.value().toArray()));
    }

    @Test
    void a_checkpoint_of_another_configuration_is_refused_with_what_differs() {
        VitConfig other = new VitConfig(
                1,
                16,
                16,
                4,
                32,
                3,
                2,
                24,
                Mlp.Kind.GELU,
                1,
                0.5f,
                1e-6f,
                0.1f,
                4,
                VitConfig.Pooling.CLS_AND_MEAN_PATCH);
        assertThatThrownBy(() -> VitCheckpoint.load(file, backend, other))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("embedDim is 16, expected 32; layers is 2, expected 3;")
                .hasMessageNotContaining("patchSize");
    }

    @Test
    void a_head_of_the_wrong_width_is_named_with_both_shapes() {
        VitConfig sevenClasses = new VitConfig(
                1,
                16,
                16,
                4,
                16,
                2,
                2,
                24,
                Mlp.Kind.GELU,
                1,
                0.5f,
                1e-6f,
                0.1f,
                7,
                VitConfig.Pooling.CLS_AND_MEAN_PATCH);
        Checkpoint.save(
                file,
                VitCheckpoint.tensors(model.parameters(), ""),
                Map.of("format", "raptor for java, teacher", "card", Json.text(card(sevenClasses))));
        assertThatThrownBy(() -> VitCheckpoint.load(file, backend))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'head.weight' is (4, 32), needed (7, 32)");
    }

    @Test
    void a_file_that_is_no_teacher_is_refused() {
        Checkpoint.save(file, VitCheckpoint.tensors(model.parameters(), ""), Map.of("format", "something else"));
        assertThatThrownBy(() -> VitCheckpoint.load(file, backend))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("something else");
    }

    @Test
    void a_damaged_file_is_refused() throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 5] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> VitCheckpoint.load(file, backend))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("damaged");
    }

    @Test
    void parameters_have_the_names_of_published_checkpoints() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.names())
                    .contains(
                            "cls_token",
                            "pos_embed",
                            "register_tokens",
                            "patch_embed.proj.weight",
                            "blocks.1.attn.qkv.bias",
                            "blocks.1.ls2.gamma",
                            "blocks.0.mlp.fc1.weight",
                            "norm.weight",
                            "head.bias");
        }
    }
}
