package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {
    @TempDir
    Path folder;

    @Test
    void an_unknown_command_is_answered_with_the_commands() {
        CommandRun.of("trian").failedWith(2, "no such command", "quickstart", "train", "doctor");
    }

    @Test
    void no_command_is_answered_with_the_help() {
        CommandRun run = CommandRun.of();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("quickstart", "Usage: raptor");
    }

    @Test
    void an_unknown_option_is_answered_with_one_like_it() {
        CommandRun.of("quickstart", "--smoek").failedWith(2, "--smoek", "--smoke", "raptor quickstart --help");
    }

    @Test
    void a_number_that_is_none_names_its_option() {
        CommandRun.of("train-teacher", "--epochs", "many").failedWith(2, "--epochs", "many");
    }

    @Test
    void a_missing_option_is_named() {
        CommandRun.of("phases").failedWith(2, "--teacher");
    }

    @Test
    void phases_cannot_be_found_and_given() {
        CommandRun.of("train", "--teacher", "t", "--k", "2", "--phases", "1-4|5-8")
                .failedWith(2, "--k", "--phases");
    }

    @Test
    void an_unknown_device_is_answered_with_the_devices() {
        trainTeacher("--device", "gpu").failedWith(1, "--device gpu", "cpu", "cuda");
    }

    @Test
    void a_device_that_is_not_there_is_never_replaced_silently() {
        assumeTrue(Devices.provider("cuda").orElseThrow().unavailableBecause() != null, "this machine has a GPU");
        trainTeacher("--device", "cuda").failedWith(1, "--device cuda", "use --device cpu");
    }

    @Test
    void a_matrix_product_goes_with_a_cuda_device_only() {
        trainTeacher("--device", "cpu", "--gemm", "cublas").failedWith(1, "--gemm cublas", "--device cpu has its own");
        trainTeacher("--device", "reference", "--gemm", "cuda").failedWith(1, "--gemm cuda", "--device reference");
        trainTeacher("--device", "cuda", "--gemm", "openblas").failedWith(1, "--gemm openblas", "cuda, cublas");
    }

    @Test
    void negative_threads_are_refused() {
        trainTeacher("--threads", "-1").failedWith(1, "threads", "-1");
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        trainTeacher("--epochs", "0").failedWith(1, "epochs");
    }

    @Test
    void a_missing_data_folder_is_named() {
        trainTeacher("--data", "fashion-mnist:" + folder.resolve("nowhere")).failedWith(1, "nowhere", "--data builtin");
    }

    @Test
    void an_empty_data_folder_is_named() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        trainTeacher("--data", "fashion-mnist:" + empty).failedWith(1, "train-images-idx3-ubyte", "empty");
    }

    @Test
    void an_unknown_data_set_is_answered_with_the_known_ones() {
        trainTeacher("--data", "imagenet").failedWith(1, "imagenet", "builtin", "fashion-mnist");
    }

    @Test
    void a_file_with_another_magic_number_is_named() throws IOException {
        Path data = dataFolder("train-images-idx3-ubyte", new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 0});
        trainTeacher("--data", "fashion-mnist:" + data).failedWith(1, "train-images-idx3-ubyte");
    }

    @Test
    void a_truncated_archive_is_named() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(new byte[] {0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 28, 0, 0, 0, 28});
            gzip.write(new byte[9 * 28 * 28]);
        }
        byte[] half = Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
        Path data = dataFolder("train-images-idx3-ubyte.gz", half);
        trainTeacher("--data", "fashion-mnist:" + data).failedWith(1, "train-images-idx3-ubyte.gz");
    }

    @Test
    void malformed_checkpoints_are_named_and_leave_nothing_behind() throws IOException {
        List<byte[]> malformed = List.of(
                new byte[0],
                new byte[] {1, 2, 3},
                new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, '{', '}'},
                new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '['},
                new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        for (byte[] bytes : malformed) {
            Path file = Files.write(folder.resolve("teacher.safetensors"), bytes);
            for (String command : List.of("phases", "train", "analyze")) {
                CommandRun.of(command, "--teacher", file.toString(), "--out", out())
                        .failedWith(1, "teacher.safetensors");
                assertThat(Path.of(out())).doesNotExist();
            }
        }
    }

    @Test
    void a_missing_checkpoint_is_named() {
        CommandRun.of("analyze", "--teacher", "nowhere.safetensors", "--out", out())
                .failedWith(1, "nowhere.safetensors");
    }

    @Test
    void a_teacher_of_another_configuration_is_refused_with_the_differences() {
        teacher(VitConfig.quickStart(), Path.of(out()).resolve("teacher.safetensors"));
        trainTeacher("--smoke").failedWith(1, "teacher.safetensors", "embedDim", "32", "96");
    }

    @Test
    void a_head_of_another_width_than_the_data_is_refused() {
        VitConfig other = new VitConfig(
                1, 28, 28, 7, 32, 8, 2, 64, VitConfig.smoke().mlp(), 2, 0.1f, 1e-6f, 0, 7, VitConfig.Pooling.CLS);
        Path file = folder.resolve("teacher.safetensors");
        teacher(other, file);
        CommandRun.of("phases", "--teacher", file.toString(), "--out", out()).failedWith(1, "7 classes", "10");
    }

    @Test
    void a_folder_of_a_run_with_other_settings_is_refused_with_the_differences() throws IOException {
        try (RunDirectory directory = RunDirectory.open(Path.of(out()))) {
            directory.configure("quickstart", java.util.Map.of("seed", 3), Environment.of("none"));
        }
        CommandRun.of("quickstart", "--smoke", "--out", out()).failedWith(1, "seed was 3, is now 0", "--out");
        assertThat(filesIn(Path.of(out()))).containsExactlyInAnyOrder(".lock", "config.json", "cost.json");
    }

    @Test
    void a_stack_trace_is_shown_on_demand() {
        CommandRun run = CommandRun.of("phases", "--teacher", "nowhere.safetensors", "--verbose");
        assertThat(run.err()).contains("\tat ", "raptor: there is no file nowhere.safetensors");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void every_command_explains_itself() {
        for (String command :
                List.of("quickstart", "train-teacher", "phases", "activations", "train", "analyze", "doctor")) {
            CommandRun run = CommandRun.of(command, "--help").succeeded();
            assertThat(run.out())
                    .contains("Usage: raptor " + command, "Examples:", "raptor " + command + " ", "Default");
        }
    }

    private CommandRun trainTeacher(String... options) {
        Stream<String> all = Stream.concat(Stream.of("train-teacher", "--out", out()), Stream.of(options));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private String out() {
        return folder.resolve("out").toString();
    }

    private Path dataFolder(String file, byte[] bytes) throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.write(data.resolve(file), bytes);
        Files.write(data.resolve("train-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 0});
        return data;
    }

    private static void teacher(VitConfig config, Path file) {
        try (Backend backend = VectorBackend.open(1)) {
            VisionTransformer model = new VisionTransformer(config, ParameterSource.fresh(backend, 1));
            Normalization normalization = new Normalization(List.of(0.5f), List.of(0.25f));
            VitCheckpoint.save(
                    file,
                    model,
                    new TeacherCard(
                            config, TeacherTraining.smoke(), normalization, "builtin", 0.1, 2.3, LearningCurve.EMPTY));
        }
    }

    private static List<String> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
