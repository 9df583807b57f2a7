package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final Environment ENVIRONMENT = Environment.of("none");

    record Nested(int depth, String kind) {}

    @TempDir
    Path folder;

    @Test
    void a_folder_in_use_is_refused() {
        try (RunDirectory first = RunDirectory.open(folder)) {
            assertThatThrownBy(() -> RunDirectory.open(folder))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(folder.toString(), "in use by another run", "--out");
            assertThat(first.path()).isEqualTo(folder);
        }
    }

    @Test
    void a_folder_is_free_again_once_it_was_given_back() {
        RunDirectory.open(folder).close();
        RunDirectory.open(folder).close();
    }

    @Test
    void a_file_is_no_folder() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> RunDirectory.open(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(file.toString(), "--out");
    }

    @Test
    void the_same_settings_are_welcome_in_another_environment() {
        try (RunDirectory directory = RunDirectory.open(folder)) {
            Map<String, Object> settings = Map.of("seed", 1, "rate", 1e-5f, "plan", new Nested(2, "a"));
            directory.configure("train", settings, ENVIRONMENT);
            directory.configure("train", settings, Environment.of("another"));
        }
    }

    @Test
    void every_setting_that_differs_is_named() {
        try (RunDirectory directory = RunDirectory.open(folder)) {
            directory.configure("train", Map.of("seed", 1, "plan", new Nested(2, "a")), ENVIRONMENT);
            assertThatThrownBy(() -> directory.configure(
                            "train", Map.of("k", 3, "seed", 2, "plan", new Nested(2, "b")), ENVIRONMENT))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(
                            "seed was 1, is now 2", "plan.kind was \"a\", is now \"b\"", "k was nothing, is now 3")
                    .hasMessageNotContaining("depth");
        }
    }

    @Test
    void a_run_of_another_command_is_refused() {
        try (RunDirectory directory = RunDirectory.open(folder)) {
            directory.configure("train", Map.of(), ENVIRONMENT);
            assertThatThrownBy(() -> directory.configure("analyze", Map.of(), ENVIRONMENT))
                    .hasMessageContaining("command was \"train\", is now \"analyze\"");
        }
    }
}
