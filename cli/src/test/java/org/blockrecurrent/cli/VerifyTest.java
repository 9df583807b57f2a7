package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
    private static final Path MODEL = Path.of("../vit/src/test/resources/golden/models/timm_vit");
    private static final Path PHASES = Path.of("../raptor/src/test/resources/golden/segmentation");

    @TempDir
    Path folder;

    @Test
    void golden_values_are_met_and_shown_case_by_case() {
        CommandRun run = CommandRun.of("verify", "--golden", PHASES.toString(), "--device", "reference")
                .succeeded();
        assertThat(run.out()).contains("fraction of its tolerance", "all values are met");
    }

    @Test
    void without_a_folder_the_values_that_come_with_the_product_are_computed() {
        CommandRun run = CommandRun.of("verify", "--device", "cpu").succeeded();
        assertThat(run.out())
                .contains("siglip", "training/stage2_raptor3", "similarity", "official.zarr", "all values are met");
    }

    @Test
    void one_model_can_be_verified() {
        assertThat(CommandRun.of("verify", "--golden", MODEL.toString(), "--device", "cpu")
                        .succeeded()
                        .out())
                .contains("timm_vit");
    }

    @Test
    void a_value_that_is_off_is_named_and_the_exit_code_says_so() throws IOException {
        try (var files = Files.list(PHASES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
        Path results = folder.resolve("results.json");
        Files.writeString(results, Files.readString(results).replaceFirst("0\\.0", "0.5"));
        CommandRun run = CommandRun.of("verify", "--golden", folder.toString(), "--device", "reference");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("BEYOND", "beyond their tolerance");
    }

    @Test
    void a_folder_that_is_not_there_is_named() {
        CommandRun.of("verify", "--golden", folder.resolve("nowhere").toString())
                .failedWith(1, "nowhere", "no folder");
    }
}
