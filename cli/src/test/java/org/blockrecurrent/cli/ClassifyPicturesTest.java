package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.blockrecurrent.vit.image.Picture;
import org.blockrecurrent.vit.image.PngWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifyPicturesTest {
    private static final Path MODELS = Path.of("../vit/src/test/resources/golden/models");
    private static final String CLASSIFIER = MODELS.resolve("timm_vit").toString();
    private static final String HEADLESS = MODELS.resolve("hub_dinov2").toString();

    @TempDir
    Path folder;

    @BeforeEach
    void a_picture() throws IOException {
        byte[] levels = new byte[60 * 60 * 3];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) (i / 11);
        }
        PngWriter.write(folder.resolve("a.png"), new Picture(60, 60, 3, levels));
    }

    @Test
    void a_models_own_head_gives_probabilities_in_falling_order() throws IOException {
        Path table = folder.resolve("classes.csv");
        run(CLASSIFIER, "--top", "10", "--out", table.toString()).succeeded();
        List<String> rows = Files.readAllLines(table);
        assertThat(rows).hasSize(1 + 10);
        double[] shares = rows.stream()
                .skip(1)
                .mapToDouble(row -> Double.parseDouble(row.substring(row.lastIndexOf(',') + 1)))
                .toArray();
        assertThat(shares).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(IntStream.range(0, 10).mapToDouble(i -> shares[i]).sum())
                .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-4));
    }

    @Test
    void classes_are_called_as_a_file_says() throws IOException {
        Path names = folder.resolve("names.txt");
        Files.write(
                names, IntStream.range(0, 10).mapToObj(i -> "class number " + i).toList());
        assertThat(run(CLASSIFIER, "--names", names.toString()).succeeded().out())
                .contains("class number ", " %");
        Files.write(names, List.of("one", "two"));
        run(CLASSIFIER, "--names", names.toString()).failedWith(1, "2 names", "10 classes");
    }

    @Test
    void a_published_linear_head_reads_one_layer_or_four() {
        for (String head : List.of("tiny_linear_head.pth", "tiny_linear4_head.pth")) {
            CommandRun run = run(HEADLESS, "--head", HEADLESS + "/" + head).succeeded();
            assertThat(run.out()).contains(head, " %");
        }
    }

    @Test
    void a_model_without_classes_asks_for_a_head() {
        run(HEADLESS).failedWith(1, "--head FILE");
    }

    @Test
    void a_head_for_another_width_is_refused() {
        run(CLASSIFIER, "--head", HEADLESS + "/model.safetensors").failedWith(1, "linear head");
    }

    private CommandRun run(String model, String... options) {
        Stream<String> fixed =
                Stream.of("classify", folder.resolve("a.png").toString(), "--model", model, "--device", "cpu");
        return CommandRun.of(Stream.concat(fixed, Stream.of(options)).toArray(String[]::new));
    }
}
