package org.blockrecurrent.vit.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.Fixtures;
import org.blockrecurrent.vit.PositionRule;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.VitForm;
import org.blockrecurrent.vit.image.Filter;
import org.blockrecurrent.vit.image.Normalization;
import org.blockrecurrent.vit.image.Preprocessing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file is taken for, and what is said where it cannot be. That the values are right is tested by ModelParity. */
class PublishedWeightsTest {
    @TempDir
    Path folder;

    private final Backend backend = VectorBackend.open(1);

    @AfterEach
    void close() {
        backend.close();
    }

    private static String config(String golden) throws IOException {
        return Files.readString(Fixtures.resource("golden/models/" + golden + "/config.json"));
    }

    private float[] features(Path path) {
        try (PublishedWeights weights = PublishedWeights.open(path)) {
            VisionTransformer model = weights.load(backend);
            VitConfig config = weights.config();
            float[] pixels = new float[config.channels() * config.imageHeight() * config.imageWidth()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) Math.cos(i);
            }
            Tensor images =
                    backend.tensor(Shape.of(1, config.channels(), config.imageHeight(), config.imageWidth()), pixels);
            return model.pool(model.lastState(images)).toArray();
        }
    }

    private void requireRefused(Path path, String... words) {
        assertThatThrownBy(() -> PublishedWeights.open(path).close())
                .isInstanceOf(InvalidInputException.class)
                .satisfies(error -> assertThat(error.getMessage()).contains(words));
    }

    // ---- what a file is taken for

    @Test
    void the_names_that_transformers_has_in_memory_are_understood() throws IOException {
        float[] expected = features(Fixtures.resource("golden/models/hf_dinov2_swiglu"));
        Rewritten file = Rewritten.of("hf_dinov2_swiglu");
        for (int layer = 0; layer < 2; layer++) {
            for (String leaf : new String[] {"weight", "bias"}) {
                splitGate(file, "encoder.layer." + layer + ".mlp.", leaf);
            }
        }
        file.renamed(name -> name.replace("attention.attention.query", "attention.q_proj")
                .replace("attention.attention.key", "attention.k_proj")
                .replace("attention.attention.value", "attention.v_proj")
                .replace("attention.output.dense", "attention.o_proj")
                .replace("weights_out", "down_proj"));
        assertThat(features(file.write(folder, config("hf_dinov2_swiglu")))).isEqualTo(expected);
    }

    private static void splitGate(Rewritten file, String mlp, String leaf) {
        float[] both = file.values(mlp + "weights_in." + leaf);
        int[] dims = file.shape(mlp + "weights_in." + leaf).dims();
        dims[0] /= 2;
        int half = both.length / 2;
        file.with(mlp + "gate_proj." + leaf, Shape.of(dims), java.util.Arrays.copyOf(both, half))
                .with(mlp + "up_proj." + leaf, Shape.of(dims), java.util.Arrays.copyOfRange(both, half, both.length))
                .without(mlp + "weights_in." + leaf);
    }

    @Test
    void the_names_of_a_supervised_model_in_memory_are_understood() throws IOException {
        float[] expected = features(Fixtures.resource("golden/models/hf_vit_pooler"));
        Rewritten file = Rewritten.of("hf_vit_pooler")
                .renamed(name -> name.replace("encoder.layer.", "layers.")
                        .replace("attention.attention.query", "attention.q_proj")
                        .replace("attention.attention.key", "attention.k_proj")
                        .replace("attention.attention.value", "attention.v_proj")
                        .replace("attention.output.dense", "attention.o_proj")
                        .replace("intermediate.dense", "mlp.fc1")
                        .replace("output.dense", "mlp.fc2"));
        assertThat(features(file.write(folder, config("hf_vit_pooler")))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"module.", "model.", "teacher.backbone.", "backbone.", "module.student.backbone."})
    void prefixes_of_wrappers_and_training_are_taken_off(String prefix) throws IOException {
        Path plain = Fixtures.resource("golden/models/hub_dinov2/model.safetensors");
        Rewritten file = Rewritten.of("hub_dinov2/model.safetensors").renamed(name -> prefix + name);
        assertThat(features(file.write(folder, config("hub_dinov2")))).isEqualTo(features(plain));
    }

    @Test
    void of_teacher_and_student_the_teacher_is_taken() throws IOException {
        Rewritten file = Rewritten.of("hub_dinov2/model.safetensors");
        Rewritten students = Rewritten.of("hub_dinov2/model.safetensors");
        file.renamed(name -> "teacher.backbone." + name);
        students.renamed(name -> "student.backbone." + name);
        file.with("student.backbone.cls_token", Shape.of(1), 7).with("teacher.dino_head.mlp.0.weight", Shape.of(1), 7);
        file.write(folder, config("hub_dinov2"));
        try (PublishedWeights weights = PublishedWeights.open(folder)) {
            assertThat(weights.setAside())
                    .containsExactly("student.backbone.cls_token", "teacher.dino_head.mlp.0.weight");
        }
    }

    @Test
    void a_text_tower_is_set_aside_and_named() {
        try (PublishedWeights weights =
                PublishedWeights.open(Fixtures.resource("golden/models/clip_quickgelu/openai"))) {
            assertThat(weights.setAside())
                    .contains("logit_scale", "transformer.resblocks.0.ln_1.weight")
                    .noneMatch(name -> name.startsWith("visual."));
            assertThat(weights.scheme()).isEqualTo(NamingScheme.OPENAI);
            assertThat(weights.family()).isEqualTo(Family.CLIP);
        }
    }

    /** A model that has 64 channels a head, as the published ones do. */
    private static VitConfig wide(int registers, VitForm form) {
        return new VitConfig(
                3, 28, 28, 14, 128, 2, 2, 256, Mlp.Kind.GELU, registers, 1, 1e-6f, 0, 0, Pooling.CLS, form);
    }

    private void write(VitConfig config, String name) {
        VisionTransformer model = new VisionTransformer(config, ParameterSource.fresh(backend, 1));
        new SafetensorsWriter().parameters("", model.parameters().all()).write(folder.resolve(name));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void torch_hubs_files_need_no_configuration(int registers) {
        VitConfig config = wide(registers, VitForm.dinov2(registers));
        write(config, "dinov2_tiny.safetensors");
        try (PublishedWeights weights = PublishedWeights.open(folder)) {
            assertThat(weights.scheme()).isEqualTo(NamingScheme.HUB);
            assertThat(weights.config())
                    .usingRecursiveComparison()
                    .ignoringFields("layerScaleInit")
                    .isEqualTo(config);
            assertThat(weights.config().form().positions())
                    .isEqualTo(registers > 0 ? PositionRule.ANTIALIASED : PositionRule.OFFSET);
        }
    }

    @Test
    void a_timm_file_is_read_by_the_name_of_its_file_or_by_that_which_the_user_gives() {
        VitConfig base = Presets.named("vit_tiny_patch16_224");
        write(base, "vit_tiny_patch16_224.augreg_in21k.safetensors");
        try (PublishedWeights weights =
                PublishedWeights.open(folder.resolve("vit_tiny_patch16_224.augreg_in21k.safetensors"))) {
            assertThat(weights.config()).isEqualTo(base);
        }
        LoadOptions asSmall = LoadOptions.NONE.withModel("vit_small_patch16_224");
        assertThatThrownBy(() -> PublishedWeights.open(folder, asSmall))
                .hasMessageContaining("timm's vit_small_patch16_224")
                .hasMessageContaining("width 384, the weights have 192")
                .hasMessageContaining("width of the MLP 1536, the weights have 768");
    }

    @Test
    void which_gelu_a_clip_has_must_be_said() {
        VitConfig clip = Presets.named("vit_xsmall_patch16_clip_224");
        write(clip, "weights.safetensors");
        requireRefused(folder, "which form of GELU", "config.json");
        LoadOptions named = LoadOptions.NONE.withModel("vit_xsmall_patch16_clip_224");
        try (PublishedWeights weights = PublishedWeights.open(folder, named)) {
            assertThat(weights.config()).isEqualTo(clip);
        }
    }

    @Test
    void the_rule_for_positions_follows_the_names_and_can_be_overridden() {
        Path model = Fixtures.resource("golden/models/hub_dinov2/model.safetensors");
        try (PublishedWeights weights = PublishedWeights.open(model)) {
            assertThat(weights.config().form().positions()).isEqualTo(PositionRule.OFFSET);
        }
        LoadOptions options = LoadOptions.NONE.withPositions(PositionRule.named("hf"));
        try (PublishedWeights weights = PublishedWeights.open(model, options)) {
            assertThat(weights.config().form().positions()).isEqualTo(PositionRule.BICUBIC);
        }
    }

    // ---- how pictures become its input

    private Preprocessing preprocessing(Path path, int side) {
        try (PublishedWeights weights = PublishedWeights.open(path)) {
            return weights.preprocessing(side);
        }
    }

    @Test
    void preprocessing_is_that_of_family_and_library() {
        Path models = Fixtures.resource("golden/models");
        assertThat(preprocessing(models.resolve("hf_dinov2_swiglu"), 224)).isEqualTo(Preprocessing.dinov2(224));
        assertThat(preprocessing(models.resolve("same_weights_reg4/timm"), 518))
                .isEqualTo(Preprocessing.timmDinov2(518));
        assertThat(preprocessing(models.resolve("clip_quickgelu/hf"), 224)).isEqualTo(Preprocessing.clip(224));
        assertThat(preprocessing(models.resolve("clip_quickgelu/timm"), 224)).isEqualTo(Preprocessing.timmClip(224));
        assertThat(preprocessing(models.resolve("siglip/hf"), 224)).isEqualTo(Preprocessing.siglip(224));
        assertThat(preprocessing(models.resolve("hf_deit_teacher"), 224)).isEqualTo(Preprocessing.deit(224));
        assertThat(preprocessing(models.resolve("timm_vit"), 224)).isEqualTo(Preprocessing.augreg(224));
        assertThat(preprocessing(models.resolve("hf_vit_pooler"), 224).filter()).isEqualTo(Filter.BILINEAR);
    }

    @Test
    void preprocessing_that_a_file_beside_the_weights_describes_comes_first() throws IOException {
        String pretrained = "\"pretrained_cfg\": {\"mean\": [0.1, 0.2, 0.3], \"std\": [1, 2, 3], \"crop_pct\": 0.8,"
                + " \"interpolation\": \"bilinear\"}, ";
        String config = config("timm_vit");
        Path timm =
                Rewritten.of("timm_vit").write(folder.resolve("timm"), config.replaceFirst("\\{", "{" + pretrained));
        Normalization normalization =
                new Normalization(java.util.List.of(0.1f, 0.2f, 0.3f), java.util.List.of(1f, 2f, 3f));
        assertThat(preprocessing(timm, 224))
                .isEqualTo(new Preprocessing("timm", 280, 224, 224, Filter.BILINEAR, normalization));
        Path hf = Rewritten.of("hf_vit_pooler").write(folder.resolve("hf"), config("hf_vit_pooler"));
        Files.writeString(
                hf.resolve("preprocessor_config.json"),
                "{\"do_center_crop\": true, \"size\": {\"shortest_edge\": 256}, \"crop_size\": {\"height\": 224, \"width\": 224},"
                        + " \"resample\": 3, \"image_mean\": [0.1, 0.2, 0.3], \"image_std\": [1, 2, 3]}");
        assertThat(preprocessing(hf, 448))
                .isEqualTo(new Preprocessing("hf", 512, 448, 448, Filter.BICUBIC, normalization));
        Files.writeString(hf.resolve("preprocessor_config.json"), "{\"resample\": 1}");
        assertThatThrownBy(() -> preprocessing(hf, 224)).hasMessageContaining("resample: is 1");
    }

    // ---- files that do not fit

    @Test
    void whatever_is_missing_left_over_or_misshapen_is_listed_at_once_with_the_nearest_names() throws IOException {
        Rewritten file = Rewritten.of("hf_vit_pooler")
                .renamed(name -> name.replace("layer.1.layernorm_after.bias", "layer.1.layernorm_aftr.bias"))
                .without("encoder.layer.0.attention.attention.key.bias")
                .with("encoder.layer.0.output.dense.bias", Shape.of(3), 1, 2, 3)
                .with("something.else", Shape.of(1), 1);
        requireRefused(
                file.write(folder, config("hf_vit_pooler")),
                "2 missing",
                "'encoder.layer.1.layernorm_after.bias' (32); did you mean 'encoder.layer.1.layernorm_aftr.bias'?",
                "'encoder.layer.0.attention.attention.key.bias'",
                "2 not asked for",
                "'something.else'",
                "1 of another shape",
                "'encoder.layer.0.output.dense.bias' is (3), needed (32)");
    }

    @Test
    void values_that_are_not_finite_are_refused_with_their_names() throws IOException {
        Rewritten file = Rewritten.of("hf_vit_pooler");
        file.values("encoder.layer.1.output.dense.weight")[5] = Float.NaN;
        file.values("layernorm.bias")[0] = Float.POSITIVE_INFINITY;
        file.write(folder, config("hf_vit_pooler"));
        try (PublishedWeights weights = PublishedWeights.open(folder)) {
            assertThatThrownBy(() -> weights.load(backend))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("2 not finite")
                    .hasMessageContaining("'encoder.layer.1.output.dense.weight' in 1 of 2304 values")
                    .hasMessageContaining("'layernorm.bias'");
        }
    }

    @Test
    void a_table_without_a_row_for_the_class_token_under_torch_hubs_names_is_recognised_as_timms() throws IOException {
        Rewritten file =
                Rewritten.of("same_weights_reg4/timm").renamed(name -> name.replace("reg_token", "register_tokens"));
        requireRefused(
                file.write(folder, config("same_weights_reg4/hub")),
                "16 rows, 4 x 4 and none for the class token",
                "how timm stores models with registers");
    }

    @Test
    void two_models_in_one_file_are_refused() throws IOException {
        Rewritten file = Rewritten.of("hf_vit_pooler");
        file.with("vit.layernorm.bias", Shape.of(32), file.values("layernorm.bias"));
        requireRefused(file.write(folder, config("hf_vit_pooler")), "holds two models", "'vit.layernorm.bias'");
    }

    @Test
    void a_file_of_something_else_is_refused_with_some_of_its_names() {
        new SafetensorsWriter().floats("fc.weight", Shape.of(1), 1).write(folder.resolve("model.safetensors"));
        requireRefused(folder, "no Vision Transformer", "'fc.weight'");
    }

    @Test
    void a_model_with_a_gap_in_its_layers_is_refused() throws IOException {
        Rewritten file = Rewritten.of("timm_vit").renamed(name -> name.replace("blocks.1.", "blocks.7."));
        requireRefused(file.write(folder, config("timm_vit")), "layer 7", "not of all layers before it");
    }

    @Test
    void names_of_another_library_than_the_configuration_says_are_refused() throws IOException {
        Rewritten file = Rewritten.of("timm_vit");
        requireRefused(file.write(folder, config("hf_vit_pooler")), "names of timm, not of hf", "config.json says");
        LoadOptions options = LoadOptions.NONE.withScheme(NamingScheme.OPENAI);
        assertThatThrownBy(() -> PublishedWeights.open(Fixtures.resource("golden/models/timm_vit"), options))
                .hasMessageContaining("not of openai as was asked for");
    }

    // ---- configurations that are wrong

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hidden_size\": 32 | \"hidden_size\": 64 | width 64, the weights have 32",
                "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 12 | layers 12, the weights have 2",
                "\"image_size\": 32 | \"image_size\": 224 | rows of the position table 785, the weights have 17",
                "\"intermediate_size\": 72 | \"intermediate_size\": 128 | width of the MLP 128, the weights have 72",
                "\"qkv_bias\": true | \"qkv_bias\": false | bias of queries, keys and values 0, the weights have 1",
                "\"num_attention_heads\": 2 | \"num_attention_heads\": 3 | heads 3 must divide embedDim 32",
                "\"num_attention_heads\": 2 | \"num_attention_heads\": \"two\" | num_attention_heads: expected a number",
                "\"num_attention_heads\": 2 | \"num_attention_heads\": 2.5 | expected a whole number",
                "\"hidden_size\": 32 | \"hidden_size\": -32 | must not be negative",
                "\"hidden_act\": \"gelu\" | \"hidden_act\": \"relu\" | hidden_act: 'relu' is not supported",
                "\"model_type\": \"vit\" | \"model_type\": \"swin\" | model_type: 'swin' is not supported",
                "\"model_type\": \"vit\" | \"model_type\": \"deit\" | distillation token 1, the weights have 0",
                "\"pooler_act\": \"tanh\" | \"pooler_act\": \"relu\" | pooler_act: 'relu' is not supported",
                "\"image_size\": 32 | \"image_size\": 30 | cannot be cut into patches of 8"
            })
    void a_wrong_field_is_named_with_what_is_wrong(String old, String replacement, String complaint)
            throws IOException {
        String config = config("hf_vit_pooler");
        assertThat(config).contains(old);
        Rewritten.of("hf_vit_pooler").write(folder, config.replace(old, replacement));
        requireRefused(folder, "config.json", complaint);
    }

    @Test
    void the_weights_of_another_size_are_refused_with_every_difference() throws IOException {
        String small = config("hf_vit_pooler")
                .replace("\"hidden_size\": 32", "\"hidden_size\": 16")
                .replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1");
        requireRefused(
                Rewritten.of("hf_vit_pooler").write(folder, small),
                "does not describe the weights",
                "width 16, the weights have 32",
                "layers 1, the weights have 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"vit_base_patch16_224\" | \"resnet50\" | architecture: 'resnet50'",
                "\"depth\": 3 | \"depth\": 3, \"qk_norm\": true | qk_norm: is an argument that is not supported",
                "\"global_pool\": \"token\" | \"global_pool\": \"max\" | global_pool: 'max' is not supported",
                "\"num_classes\": 10, | \"num_classes\": 1000, | classes 1000, the weights have 10",
                "\"embed_dim\": 32 | \"embed_dim\": 32, \"act_layer\": \"relu\" | act_layer: 'relu' is not supported",
                "\"embed_dim\": 32 | \"embed_dim\": 32, \"reg_tokens\": 4 | registers 4, the weights have 0",
                "\"embed_dim\": 32 | \"embed_dim\": 32, \"mlp_layer\": \"GluMlp\" | mlp_layer: 'GluMlp'"
            })
    void timms_configuration_is_held_to_what_is_understood(String old, String replacement, String complaint)
            throws IOException {
        String config = config("timm_vit");
        assertThat(config).contains(old);
        Rewritten.of("timm_vit").write(folder, config.replace(old, replacement));
        requireRefused(folder, "config.json", complaint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "{\"library\": \"keras\"}"})
    void a_configuration_of_no_known_library_is_refused(String config) {
        requireRefused(Rewritten.of("timm_vit").write(folder, config), "config.json", "configuration");
    }

    @Test
    void an_unknown_model_name_is_refused() {
        LoadOptions options = LoadOptions.NONE.withModel("vit_colossal_patch1_9");
        assertThatThrownBy(() -> PublishedWeights.open(Fixtures.resource("golden/models/timm_vit"), options))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("vit_colossal_patch1_9");
    }

    // ---- heads

    @Test
    void a_linear_head_for_another_width_is_refused_with_the_widths_that_would_fit() {
        Path head = Fixtures.resource("golden/models/hub_dinov2/tiny_linear_head.pth");
        assertThatThrownBy(() -> DinoHead.load(head, 48, backend))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("(classes, 96) or (classes, 240)")
                .hasMessageContaining("is (10, 64)");
        assertThat(DinoHead.load(head, 32, backend).layers()).isEqualTo(1);
        assertThatThrownBy(
                        () -> DinoHead.load(Fixtures.resource("golden/models/timm_vit/model.safetensors"), 32, backend))
                .hasMessageContaining("there is none");
    }

    @Test
    void a_head_is_not_put_on_a_model_of_another_width() {
        DinoHead head = DinoHead.load(Fixtures.resource("golden/models/hub_dinov2/tiny_linear4_head.pth"), 32, backend);
        VisionTransformer other = new VisionTransformer(
                wide(0, VitForm.dinov2(0)), ParameterSource.fresh(backend, 1).frozen());
        assertThatThrownBy(() -> head.logits(other, backend.zeros(Shape.of(1, 3, 28, 28))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("width 32");
    }
}
