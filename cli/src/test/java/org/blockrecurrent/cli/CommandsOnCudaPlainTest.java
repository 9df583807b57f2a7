package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.raptor.training.TinyTeacher;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.VitCheckpoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command with {@code --device cuda}, on the emulated device and with a model small enough for it. */
class CommandsOnCudaPlainTest {
    @TempDir
    static Path folder;

    private static Path teacher;

    @BeforeAll
    static void save_a_tiny_teacher() {
        teacher = folder.resolve("tiny.safetensors");
        try (Backend reference = new ReferenceBackend()) {
            Teacher tiny = TinyTeacher.of(reference, 3);
            VitCheckpoint.save(teacher, tiny.model(), tiny.card());
        }
    }

    @BeforeEach
    void open_the_device() {
        EmulatedDevice.plain().reset();
    }

    @Test
    void doctor_shows_the_device_and_measures_it() {
        assertThat(CommandRun.of("doctor", "--device", "cuda").out())
                .contains("compute capability", "PTX for", "GB/s from the host", "GFLOP/s");
    }

    @Test
    void auto_takes_the_device_and_says_so() {
        assertThat(onTeacher("auto", "phases", "--k", "2").out())
                .contains("device: cuda", "auto: a CUDA device is there");
    }

    @Test
    void a_teacher_is_trained() {
        run("train-teacher", "--smoke", "--patch-size", "14", "--batch", "200");
        assertThat(folder.resolve("train-teacher/teacher.safetensors")).isNotEmptyFile();
    }

    @Test
    void a_raptor_is_trained_and_the_dynamics_are_measured() {
        assertThat(onTeacher("cuda", "train", "--smoke", "--phases", "1-2|3-4").out())
                .contains("device: cuda", "raptor k=2");
        assertThat(folder.resolve("train/raptor-k2.safetensors")).isNotEmptyFile();
        onTeacher("cuda", "analyze", "--images", "20");
        assertThat(folder.resolve("analyze/report.html")).isNotEmptyFile();
    }

    @Test
    void activations_are_stored() {
        onTeacher("cuda", "activations", "--images", "10", "--chunk", "4");
        assertThat(folder.resolve("activations/.zarray")).isNotEmptyFile();
    }

    private static CommandRun onTeacher(String device, String command, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--teacher", teacher.toString(), "--device", device));
        return command(command, all);
    }

    private static void run(String command, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--device", "cuda"));
        command(command, all);
    }

    private static CommandRun command(String command, List<String> options) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(options);
        all.addAll(List.of("--out", folder.resolve(command).toString()));
        return CommandRun.of(all.toArray(String[]::new)).succeeded();
    }
}
