package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.published.NamingScheme;
import org.blockrecurrent.vit.published.PublishedWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertTest {
    private static final Path HUB = Path.of("../vit/src/test/resources/golden/models/same_weights_reg4/hub");

    @TempDir
    Path folder;

    @Test
    void a_model_goes_to_another_librarys_names_and_back_with_the_same_values() {
        Path hf = folder.resolve("hf");
        Path back = folder.resolve("back");
        CommandRun.of("convert", HUB.toString(), "--to", "hf", "--out", hf.toString())
                .succeeded();
        CommandRun.of("convert", hf.toString(), "--to", "hub", "--out", back.toString())
                .succeeded();
        try (PublishedWeights weights = PublishedWeights.open(hf)) {
            assertThat(weights.scheme()).isEqualTo(NamingScheme.HF);
        }
        try (Backend backend = new ReferenceBackend();
                Scope scope = backend.openScope()) {
            VisionTransformer original = load(HUB, backend);
            VisionTransformer returned = load(back, backend);
            original.parameters()
                    .all()
                    .forEach(parameter -> assertThat(returned.parameters()
                                    .get(parameter.name())
                                    .value()
                                    .toArray())
                            .as(parameter.name())
                            .isEqualTo(parameter.value().toArray()));
        }
    }

    private static VisionTransformer load(Path place, Backend backend) {
        try (PublishedWeights weights = PublishedWeights.open(place)) {
            return weights.load(backend);
        }
    }

    @Test
    void names_that_nobody_uses_are_refused() {
        CommandRun.of("convert", HUB.toString(), "--to", "keras", "--out", folder.toString())
                .failedWith(1, "keras", "hub, hf, timm and openai");
    }

    @Test
    void the_folder_that_weights_come_from_is_not_written_to() {
        CommandRun.of("convert", HUB.toString(), "--to", "hf", "--out", HUB.toString())
                .failedWith(1, "where the weights come from");
    }

    @Test
    void a_model_that_is_not_there_is_looked_for_and_not_downloaded() {
        CommandRun.of("convert", "dinov2_vits14", "--to", "hf", "--out", folder.toString())
                .failedWith(1, "dinov2_vits14", "raptor download");
    }

    @Test
    void download_without_a_name_lists_the_names() {
        assertThat(CommandRun.of("download").succeeded().out()).contains("dinov2_vitb14_reg");
    }
}
