package org.blockrecurrent.raptor.phases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The golden matrices. */
final class Segmentations {
    static final String DINOV2_B = "dinov2_vitb14_reg_cosine_distance";

    private static final String CSV = ".csv";

    private Segmentations() {}

    static Stream<String> names() {
        try (Stream<Path> files = Files.list(folder())) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(CSV))
                    .map(name -> name.substring(0, name.length() - CSV.length()))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static DissimilarityMatrix matrix(String name) {
        try {
            return new DissimilarityMatrix(Files.readAllLines(folder().resolve(name + CSV)).stream()
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        try {
            return Path.of(
                    Segmentations.class.getResource("/golden/segmentation").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
