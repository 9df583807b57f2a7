package org.blockrecurrent.vit.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.weights.TensorFiles;
import org.blockrecurrent.vit.Fixtures;
import org.blockrecurrent.vit.VisionTransformer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One model in the names of several libraries: what is written from one must be the file of the other. */
class ConversionTest {
    @TempDir
    Path folder;

    private final Backend backend = VectorBackend.open(1);

    @AfterEach
    void close() {
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({
        "same_weights_reg4, hub, hf",
        "same_weights_reg4, hub, timm",
        "same_weights_reg4, hub, hub",
        "same_weights_reg4, hf, hub",
        "same_weights_reg4, hf, timm",
        "same_weights_reg4, timm, timm",
        "clip_quickgelu, hf, openai",
        "clip_quickgelu, hf, timm",
        "clip_quickgelu, openai, hf",
        "clip_quickgelu, openai, timm",
        "clip_quickgelu, timm, hf",
        "clip_quickgelu, timm, openai",
        "siglip, hf, timm",
        "siglip, timm, hf"
    })
    void a_converted_file_is_the_other_librarys_own_to_the_bit(String model, String from, String to) {
        requireConverted(Fixtures.resource("golden/models/" + model), from, to);
    }

    @ParameterizedTest
    @CsvSource({
        "same_weights, hub, hf",
        "same_weights, hub, timm",
        "same_weights, hf, hub",
        "same_weights, timm, hub",
        "same_weights_swiglu, hub, timm",
        "same_weights_swiglu, timm, hf",
        "same_weights_swiglu, hf, hub"
    })
    void models_without_registers_and_with_swiglu_are_converted_as_well(String model, String from, String to) {
        requireConverted(Fixtures.require("models").resolve(model), from, to);
    }

    private void requireConverted(Path model, String from, String to) {
        convert(weights(model, from), to);
        try (TensorFile written = TensorFiles.open(folder);
                TensorFile official = TensorFiles.open(weights(model, to));
                PublishedWeights source = PublishedWeights.open(weights(model, from))) {
            Set<String> names = new TreeSet<>(official.names());
            if (to.equals("openai")) {
                names.removeIf(name -> !name.startsWith("visual."));
            }
            assertThat(new TreeSet<>(written.names())).isEqualTo(names);
            for (String name : names) {
                assertThat(written.shape(name)).as(name).isEqualTo(official.shape(name));
                boolean isLost =
                        name.contains("mask_token") && !source.config().form().maskToken();
                float[] expected = isLost ? new float[written.shape(name).size()] : official.floats(name);
                assertThat(written.floats(name)).as(name).isEqualTo(expected);
            }
        }
        requireSameModel(folder, weights(model, to));
    }

    /** The configuration that was written describes the same model, positions and all. */
    private void requireSameModel(Path written, Path official) {
        try (PublishedWeights ours = PublishedWeights.open(written);
                PublishedWeights theirs = PublishedWeights.open(official)) {
            assertThat(ours.scheme()).isEqualTo(theirs.scheme());
            assertThat(ours.config().form()).isEqualTo(theirs.config().form());
            assertThat(last(ours)).isEqualTo(last(theirs));
        }
    }

    private float[] last(PublishedWeights weights) {
        VisionTransformer model = weights.load(backend);
        int p = weights.config().patchSize();
        float[] pixels = new float[3 * 2 * p * 3 * p];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(i);
        }
        Tensor images = backend.tensor(Shape.of(1, 3, 2 * p, 3 * p), pixels);
        VisionTransformer sized = model.at(2 * p, 3 * p);
        return sized.pool(sized.lastState(images)).toArray();
    }

    /** timm's file holds the class token with its position added; from it the other cannot be had, but their sum. */
    @ParameterizedTest
    @CsvSource({"hub, cls_token, pos_embed", "hf, embeddings.cls_token, embeddings.position_embeddings"})
    void a_class_token_with_its_position_added_gets_a_position_of_zeros(String to, String token, String table) {
        Path model = Fixtures.resource("golden/models/same_weights_reg4");
        convert(weights(model, "timm"), to);
        try (TensorFile written = TensorFiles.open(folder);
                TensorFile official = TensorFiles.open(weights(model, to));
                TensorFile timm = TensorFiles.open(weights(model, "timm"))) {
            assertThat(written.floats(token)).isEqualTo(timm.floats("cls_token"));
            float[] positions = written.floats(table);
            float[] theirs = official.floats(table);
            for (int d = 0; d < positions.length; d++) {
                boolean isClsRow = d < timm.shape("cls_token").size();
                assertThat(positions[d]).isEqualTo(isClsRow ? 0 : theirs[d]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hf_vit_pooler, ., timm, it has a pooler",
        "hf_vit_pooler, ., hub, those of DINOv2",
        "timm_vit_gap, ., hf, it pools by NORM_OF_MEAN_PATCH",
        "same_weights_reg4, hf, openai, those of CLIP",
        "clip_quickgelu, hf, hub, those of DINOv2"
    })
    void what_a_library_cannot_express_is_refused_in_words(String model, String from, String to, String reason) {
        Path source = Fixtures.resource("golden/models/" + model).resolve(from);
        assertThatThrownBy(() -> convert(source, to))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cannot be written in the names of " + to)
                .hasMessageContaining(reason);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_supervised_model_goes_from_timm_to_hugging_face_and_back() {
        Path timm = Fixtures.resource("golden/models/timm_vit");
        convert(timm, "hf");
        try (PublishedWeights hf = PublishedWeights.open(folder)) {
            assertThat(hf.scheme()).isEqualTo(NamingScheme.HF);
            assertThat(hf.config().normEps()).isEqualTo(1e-6f);
            Conversion.write(hf, NamingScheme.TIMM, folder.resolve("back"));
        }
        try (TensorFile back = TensorFiles.open(folder.resolve("back"));
                TensorFile first = TensorFiles.open(timm)) {
            assertThat(back.names()).containsExactlyInAnyOrderElementsOf(first.names());
            first.names().forEach(name -> assertThat(back.floats(name)).isEqualTo(first.floats(name)));
        }
    }

    private void convert(Path source, String to) {
        try (PublishedWeights weights = PublishedWeights.open(source)) {
            Conversion.write(weights, NamingScheme.named(to), folder);
        }
    }

    private static Path weights(Path model, String scheme) {
        Path folder = model.resolve(scheme);
        boolean isTorch = scheme.equals("hub") || scheme.equals("openai");
        return folder.resolve(isTorch ? "model.pth" : "model.safetensors");
    }
}
