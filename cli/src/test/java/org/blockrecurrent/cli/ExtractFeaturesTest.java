package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.blockrecurrent.tensor.io.numpy.NpyFile;
import org.blockrecurrent.vit.image.Picture;
import org.blockrecurrent.vit.image.PngWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractFeaturesTest {
    private static final String MODEL = "../vit/src/test/resources/golden/models/same_weights_reg4/hub";

    @TempDir
    Path folder;

    @BeforeEach
    void two_pictures() throws IOException {
        Files.createDirectories(folder.resolve("pictures"));
        for (int k = 0; k < 2; k++) {
            byte[] levels = new byte[80 * 70 * 3];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = (byte) (i * (k + 3) / 7);
            }
            PngWriter.write(folder.resolve("pictures/" + k + ".png"), new Picture(80, 70, 3, levels));
        }
    }

    @Test
    void the_features_of_a_folder_are_written_and_drawn() {
        CommandRun run = run("--what", "cls,patches", "--layers", "1,2", "--pca", "--attention")
                .succeeded();
        assertThat(run.out()).contains("shorter side to", "layer1-cls.npy");
        try (NpyFile cls = NpyFile.open(folder.resolve("out/layer2-cls.npy"))) {
            assertThat(cls.shape().dim(0)).isEqualTo(2);
        }
        for (String file :
                new String[] {"layer1-patches.npy", "pca.png", "attention-1.png", "attention-2.png", "config.json"}) {
            assertThat(folder.resolve("out/" + file)).isNotEmptyFile();
        }
    }

    @Test
    void a_table_has_a_row_for_each_picture() throws IOException {
        run("--what", "mean-patch", "--format", "csv").succeeded();
        assertThat(Files.readAllLines(folder.resolve("out/mean-patch.csv"))).hasSize(3);
    }

    @Test
    void what_does_not_fit_is_refused_with_the_remedy() {
        run("--what", "patches", "--format", "csv").failedWith(1, "choose npy or safetensors");
    }

    @Test
    void an_unknown_kind_is_named() {
        run("--what", "tails").failedWith(1, "tails", "registers");
    }

    @Test
    void a_size_that_the_patches_do_not_fit_is_refused() {
        run("--image-size", "57").failedWith(1, "57", "56 or 63");
    }

    private CommandRun run(String... options) {
        String[] fixed = {
            "features",
            folder.resolve("pictures").toString(),
            "--model",
            MODEL,
            "--device",
            "cpu",
            "--out",
            folder.resolve("out").toString()
        };
        String[] all = Arrays.copyOf(fixed, fixed.length + options.length);
        System.arraycopy(options, 0, all, fixed.length, options.length);
        return CommandRun.of(all);
    }
}
