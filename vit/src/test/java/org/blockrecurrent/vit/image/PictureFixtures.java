package org.blockrecurrent.vit.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.random.Philox;

/** Pictures for tests: those in the resources, and some that are made up. */
public final class PictureFixtures {
    private PictureFixtures() {}

    /** A folder of the test resources. */
    public static Path folder(String name) {
        URL url = PictureFixtures.class.getResource("/" + name);
        if (url == null) {
            throw new IllegalStateException("the test resources lack " + name);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A file of {@code pictures/files}. */
    public static Path file(String name) {
        return folder("pictures").resolve("files").resolve(name);
    }

    public static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waves of colour with noise over them. */
    public static Picture waves(int height, int width, int channels, long seed) {
        Philox random = Philox.stream(seed, "waves");
        byte[] levels = new byte[height * width * channels];
        for (int i = 0; i < levels.length; i++) {
            int pixel = i / channels;
            double phase = 0.2 * (pixel / width) + 0.31 * (pixel % width) + i % channels;
            levels[i] = (byte) (int) (110 + 90 * Math.sin(phase) + random.below(56, i));
        }
        return new Picture(height, width, channels, levels);
    }

    /**
     * What a reader must do with each file of a hostile folder.
     *
     * @param expect {@code error}, {@code accept} or {@code either}
     */
    public record Hostile(Path file, String expect, String wrong) {
        @Override
        public String toString() {
            return file.getFileName() + ": " + wrong;
        }
    }

    /** The files that a folder's {@code INDEX.tsv} lists. */
    public static List<Hostile> hostile(String folder) {
        try {
            List<Hostile> files = new ArrayList<>();
            List<String> lines = Files.readAllLines(folder("hostile/" + folder).resolve("INDEX.tsv"));
            for (String line : lines.subList(1, lines.size())) {
                String[] columns = line.split("\t");
                files.add(new Hostile(folder("hostile").resolve(columns[0]), columns[2], columns[4]));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
