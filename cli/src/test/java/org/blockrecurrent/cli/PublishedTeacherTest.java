package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.vit.image.Picture;
import org.blockrecurrent.vit.image.PngWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A published model as the teacher of every command that takes one. */
class PublishedTeacherTest {
    /** DINOv2's form, 2 layers, no head. */
    private static final String HEADLESS = "../vit/src/test/resources/golden/models/same_weights_reg4/hf";

    @TempDir
    Path folder;

    @BeforeEach
    void pictures_of_two_classes() throws IOException {
        for (int k = 0; k < 16; k++) {
            Path file = folder.resolve("pictures/" + (k % 2 == 0 ? "striped" : "flat") + "/" + k + ".png");
            Files.createDirectories(file.getParent());
            byte[] levels = new byte[40 * 36 * 3];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = (byte) (k % 2 == 0 ? i * (k + 3) / 7 : 10 * k);
            }
            PngWriter.write(file, new Picture(40, 36, 3, levels));
        }
    }

    @Test
    void phases_are_found_and_reported() throws IOException {
        assertThat(run("phases", "--k", "2").succeeded().out()).contains("neighbouring layers");
        assertThat(Files.readString(out("phases").resolve("phases.html"))).contains("Layer dissimilarity");
    }

    @Test
    void a_raptor_is_trained_on_crops_and_analyzed_and_probed() throws IOException {
        String[] training = {"--phases", "1|2", "--epochs", "1,1", "--batch", "4", "--crop", "0.3"};
        run("train", training).succeeded();
        String raptor = out("train").resolve("raptor-k2.safetensors").toString();
        assertThat(Json.tree(out("train").resolve("config.json")).toString()).contains("\"smallestCrop\":0.3");

        CommandRun analysis = run("analyze", "--raptor", raptor).succeeded();
        assertThat(analysis.out()).contains("cosine to the teacher's last state", "–");
        assertThat(Files.readString(out("analyze").resolve("raptors-by-depth.csv")))
                .contains("raptor k=2,1,mse,cls,", "raptor k=2,2,r2,cls,", "identity,2,r2,all,");
        assertThat(Files.readString(out("analyze").resolve("report.html"))).contains("published", "mean R²");

        CommandRun probe =
                run("probe", "--raptor", raptor, "--baselines", "--epochs", "2").succeeded();
        assertThat(probe.out()).contains("teacher", "raptor k=2", "embedding", "untrained twin", "20 neighbors");
        try (Stream<String> rows = Files.lines(out("probe").resolve("probe.csv"))) {
            assertThat(rows).hasSize(1 + 4 * 2);
        }
    }

    @Test
    void activations_are_written_and_trained_from() {
        run("activations").succeeded();
        String[] options = {
            "train",
            "--teacher",
            HEADLESS,
            "--image-size",
            "28",
            "--activations",
            out("activations").toString(),
            "--phases",
            "1|2",
            "--epochs",
            "1,0",
            "--batch",
            "4",
            "--device",
            "cpu",
            "--out",
            out("train").toString()
        };
        CommandRun.of(options).succeeded();
    }

    @Test
    void a_raptor_of_another_teacher_is_refused() throws IOException {
        run("train", "--phases", "1-2", "--epochs", "1,0", "--batch", "4").succeeded();
        String raptor = out("train").resolve("raptor-k1.safetensors").toString();
        CommandRun.of(
                        "probe",
                        "--teacher",
                        "../vit/src/test/resources/golden/models/same_weights_reg4/hub",
                        "--raptor",
                        raptor,
                        "--data",
                        "images:" + folder.resolve("pictures"),
                        "--image-size",
                        "28",
                        "--device",
                        "cpu",
                        "--out",
                        out("probe").toString())
                .succeeded();
        CommandRun.of(
                        "probe",
                        "--teacher",
                        "../vit/src/test/resources/golden/models/hub_dinov2",
                        "--raptor",
                        raptor,
                        "--data",
                        "images:" + folder.resolve("pictures"),
                        "--image-size",
                        "28",
                        "--device",
                        "cpu",
                        "--out",
                        out("other").toString())
                .failedWith(1, "another teacher");
    }

    @Test
    void images_of_another_kind_are_refused_with_both_sizes() {
        CommandRun.of(
                        "phases",
                        "--teacher",
                        HEADLESS,
                        "--device",
                        "cpu",
                        "--out",
                        out("phases").toString())
                .failedWith(1, "3 x ", "1 x 28 x 28");
    }

    @Test
    void a_probe_needs_classes() throws IOException {
        CommandRun.of(
                        "probe",
                        "--teacher",
                        HEADLESS,
                        "--data",
                        "images:" + folder.resolve("pictures/flat"),
                        "--image-size",
                        "28",
                        "--device",
                        "cpu",
                        "--out",
                        out("probe").toString())
                .failedWith(1, "one class");
    }

    private Path out(String command) {
        return folder.resolve(command);
    }

    private CommandRun run(String command, String... options) {
        Stream<String> fixed = Stream.of(
                command,
                "--teacher",
                HEADLESS,
                "--data",
                "images:" + folder.resolve("pictures"),
                "--image-size",
                "28",
                "--test-share",
                "0.4",
                "--device",
                "cpu",
                "--out",
                out(command).toString());
        return CommandRun.of(Stream.concat(fixed, Stream.of(options)).toArray(String[]::new));
    }
}
