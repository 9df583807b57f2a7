package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.image.Normalization;
import org.blockrecurrent.vit.training.LearningCurve;
import org.blockrecurrent.vit.training.TeacherCard;
import org.blockrecurrent.vit.training.TeacherTraining;
import org.blockrecurrent.vit.training.VitCheckpoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of 40 images of an untrained teacher, written, trained from, and split into phases. */
class ActivationsTest {
    @TempDir
    static Path folder;

    private static Path teacher;
    private static Path store;
    private static CommandRun written;

    @BeforeAll
    static void write_a_store() {
        teacher = teacher("teacher.safetensors", 1);
        store = folder.resolve("store");
        written = activations(store).succeeded();
    }

    private static Path teacher(String name, long seed) {
        Path file = folder.resolve(name);
        try (Backend backend = VectorBackend.open(1)) {
            VisionTransformer model = new VisionTransformer(
                    VitConfig.smoke(), ParameterSource.fresh(backend, seed).frozen());
            Normalization normalization = new Normalization(List.of(0.3f), List.of(0.3f));
            VitCheckpoint.save(
                    file,
                    model,
                    new TeacherCard(
                            VitConfig.smoke(),
                            TeacherTraining.smoke(),
                            normalization,
                            "builtin",
                            0.1,
                            2.3,
                            LearningCurve.EMPTY));
        }
        return file;
    }

    private static List<String> command(Path out) {
        return List.of(
                "activations",
                "--device",
                "cpu",
                "--teacher",
                teacher.toString(),
                "--images",
                "40",
                "--chunk",
                "8",
                "--out",
                out.toString());
    }

    private static CommandRun activations(Path out, String... more) {
        List<String> arguments = new ArrayList<>(command(out));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static CommandRun train(Path teacher, String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--device",
                "cpu",
                "--smoke",
                "--batch",
                "8",
                "--teacher",
                teacher.toString(),
                "--out",
                folder.resolve(out).toString()));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void the_size_is_said_first_and_the_next_command_last() {
        assertThat(written.out())
                .contains(
                        "activation store before compression: 40 images x 9 states x 19 tokens x 32 channels x 4 bytes = 875.52 kB")
                .contains("next: raptor train --teacher " + teacher + " --activations " + store);
    }

    @Test
    void a_raptor_is_trained_from_a_store_and_its_phases_found_on_it() {
        CommandRun run = train(teacher, "raptor", "--k", "2", "--activations", store.toString())
                .succeeded();
        assertThat(run.out()).contains("raptor k=2, phases");
        assertThat(folder.resolve("raptor/raptor-k2.safetensors")).isNotEmptyFile();
        CommandRun phases = CommandRun.of(
                        "phases",
                        "--device",
                        "cpu",
                        "--teacher",
                        teacher.toString(),
                        "--activations",
                        store.toString(),
                        "--out",
                        folder.resolve("phases").toString())
                .succeeded();
        assertThat(phases.out()).contains("bisection", "dissimilarity of neighbouring layers");
    }

    @Test
    void a_store_that_was_stopped_is_continued_by_the_same_command() throws IOException {
        Path stopped = folder.resolve("stopped");
        StopRequest stop = new StopRequest();
        CommandRun run = CommandRun.stoppingAt(
                "activations: 8 of 40", stop, command(stopped).toArray(String[]::new));
        assertThat(run.exitCode()).isEqualTo(StopRequest.INTERRUPTED);
        assertThat(run.err()).contains("run the same command again to go on");
        train(teacher, "of stopped", "--activations", stopped.toString())
                .failedWith(1, "is unfinished", "goes on from there");
        activations(stopped).succeeded();
        assertThat(Files.readAllBytes(stopped.resolve("4.8.0.0")))
                .isEqualTo(Files.readAllBytes(store.resolve("4.8.0.0")));
        train(teacher, "of continued", "--phases", "1-4|5-8", "--activations", stopped.toString())
                .succeeded();
    }

    @Test
    void images_and_a_store_exclude_each_other() {
        train(teacher, "both", "--data", "builtin", "--activations", store.toString())
                .failedWith(2, "--data and --activations are mutually exclusive");
    }

    @Test
    void a_store_that_cannot_be_used_is_named_and_leaves_nothing_behind() {
        train(teacher, "none", "--activations", folder.resolve("nowhere").toString())
                .failedWith(1, "nowhere", "no such folder");
        train(teacher, "none", "--activations", folder.toString()).failedWith(1, "it has no .zarray");
        assertThat(folder.resolve("none")).doesNotExist();
        train(teacher("other.safetensors", 2), "other", "--activations", store.toString())
                .failedWith(1, "holds states of another teacher", "give the teacher that it was made with");
    }

    @Test
    void options_that_make_no_sense_are_refused() {
        activations(folder.resolve("x"), "--precision", "float8")
                .failedWith(1, "--precision float8", "float32 or bfloat16");
        activations(folder.resolve("x"), "--half", "both").failedWith(1, "--half both", "train or test");
        activations(folder.resolve("x"), "--level", "10").failedWith(1, "level must be in 0 … 9");
        activations(store, "--level", "1").failedWith(1, "other settings", "level was 3, is now 1");
    }
}
