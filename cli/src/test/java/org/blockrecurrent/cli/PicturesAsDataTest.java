package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.image.Picture;
import org.blockrecurrent.vit.image.PngWriter;
import org.blockrecurrent.vit.training.VitCheckpoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on folders of pictures and on CIFAR, in small. What comes out of it is not judged. */
class PicturesAsDataTest {
    private static final int A_CLASS = 30;

    @TempDir
    static Path folder;

    private static Path pictures;
    private static Path teacher;
    private static CommandRun training;

    /** Two classes of noise, light and dark, and a file that is no picture. */
    @BeforeAll
    static void train_a_teacher() throws IOException {
        pictures = folder.resolve("pictures");
        for (int i = 0; i < A_CLASS; i++) {
            PngWriter.write(pictures.resolve("dark/" + i + ".png"), noise(0, i));
            PngWriter.write(pictures.resolve("light/" + i + ".png"), noise(120, i));
        }
        Files.writeString(pictures.resolve("light/broken.jpg"), "no picture");
        teacher = folder.resolve("teacher");
        training = trainTeacher("--image-size", "32", "--crop", "0.5", "--out", teacher.toString())
                .succeeded();
    }

    private static Picture noise(int level, int seed) {
        Philox random = Philox.stream(seed, "noise");
        byte[] levels = new byte[20 * 27 * 3];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) (level + random.below(120, i));
        }
        return new Picture(20, 27, 3, levels);
    }

    private static CommandRun trainTeacher(String... options) {
        Stream<String> all = Stream.concat(
                Stream.of(
                        "train-teacher", "--smoke", "--batch", "8", "--device", "cpu", "--data", "images:" + pictures),
                Stream.of(options));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static CommandRun withTeacher(String command, String out, String... options) {
        Stream<String> all = Stream.concat(
                Stream.of(
                        command,
                        "--teacher",
                        teacher.resolve("teacher.safetensors").toString(),
                        "--device",
                        "cpu",
                        "--data",
                        "images:" + pictures,
                        "--out",
                        folder.resolve(out).toString()),
                Stream.of(options));
        return CommandRun.of(all.toArray(String[]::new));
    }

    @Test
    void a_teacher_fits_the_pictures_it_is_trained_on() {
        VitConfig config =
                VitCheckpoint.card(teacher.resolve("teacher.safetensors")).config();
        assertThat(config.channels()).isEqualTo(3);
        assertThat(config.imageHeight()).isEqualTo(32);
        assertThat(config.patchSize()).isEqualTo(8);
        assertThat(config.classes()).isEqualTo(2);
    }

    @Test
    void what_was_done_to_the_pictures_is_written_beside_the_result() {
        String preprocessing = "dinov2: shorter side to 36, middle 32 x 32 (bicubic, as Pillow)";
        assertThat(Json.text(Json.tree(teacher.resolve("config.json")))).contains(preprocessing);
        assertThat(VitCheckpoint.card(teacher.resolve("teacher.safetensors")).dataSet())
                .contains(preprocessing);
    }

    @Test
    void a_picture_that_cannot_be_read_is_left_out_and_named() {
        assertThat(training.err()).contains("left out 1 file:", "broken.jpg: is not a picture");
    }

    @Test
    void strictness_stops_at_it() {
        trainTeacher("--strict", "--out", folder.resolve("strict").toString())
                .failedWith(1, "broken.jpg: is not a picture");
    }

    @Test
    void the_commands_that_follow_take_the_teachers_size() {
        withTeacher("phases", "phases", "--k", "2").succeeded();
        assertThat(folder.resolve("phases/phases.html")).isNotEmptyFile();
        withTeacher("train", "train", "--smoke", "--k", "2", "--batch", "8").succeeded();
        assertThat(folder.resolve("train/raptor-k2.safetensors")).isNotEmptyFile();
        withTeacher("analyze", "analyze", "--images", "6").succeeded();
        assertThat(folder.resolve("analyze/report.html")).isNotEmptyFile();
    }

    @Test
    void another_size_than_the_teachers_is_refused() {
        withTeacher("phases", "another size", "--image-size", "64").failedWith(1, "3 x 32 x 32", "3 x 64 x 64");
    }

    @Test
    void options_of_pictures_are_checked() {
        trainTeacher("--preprocessing", "resnet").failedWith(1, "resnet", "dinov2", "siglip");
        trainTeacher("--test-share", "1.5").failedWith(1, "1.5");
        trainTeacher("--crop", "2").failedWith(1, "smallestCrop", "2.0");
        trainTeacher("--image-size", "30", "--patch-size", "7").failedWith(1, "30", "7");
        CommandRun.of("train-teacher", "--image-size", "32").failedWith(1, "--image-size", "28 x 28");
        CommandRun.of("phases", "--teacher", "none", "--data", "cifar10:" + folder)
                .failedWith(1, "none");
    }

    @Test
    void cifar_is_trained_on_as_it_comes() throws IOException {
        Path cifar = Files.createDirectory(folder.resolve("cifar"));
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int record = 0; record < 6; record++) {
            records.write(record);
            records.write(new byte[3 * 32 * 32]);
        }
        for (String name : List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")) {
            Files.write(cifar.resolve(name + ".bin"), lightened(records.toByteArray()));
        }
        Path out = folder.resolve("cifar-teacher");
        String[] command = {
            "train-teacher",
            "--smoke",
            "--batch",
            "5",
            "--device",
            "cpu",
            "--data",
            "cifar10:" + cifar,
            "--out",
            out + ""
        };
        CommandRun.of(command).failedWith(1, "no test_batch.bin", "cs.toronto.edu");
        Files.write(cifar.resolve("test_batch.bin"), lightened(records.toByteArray()));
        CommandRun.of(command).succeeded();
        assertThat(VitCheckpoint.card(out.resolve("teacher.safetensors"))
                        .config()
                        .imageWidth())
                .isEqualTo(32);
    }

    /** Images of one level have no standard deviation: some pixels are lighter. */
    private static byte[] lightened(byte[] records) {
        for (int i = 1; i < records.length; i += 2) {
            if (i % 3073 != 0) {
                records[i] = 100;
            }
        }
        return records;
    }
}
