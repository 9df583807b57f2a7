package org.blockrecurrent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The golden values that come with the product, copied out of its jar for as long as they are looked at. */
final class ShippedGoldenValues implements AutoCloseable {
    private static final String ROOT = "/golden-values";
    /** One file that is known to be there: a jar need not have entries for folders. */
    private static final String LANDMARK = ROOT + "/segmentation/results.json";

    private static final List<String> SETS = List.of("models", "raptor", "segmentation", "zarr");

    private final Path folder;

    private ShippedGoldenValues(Path folder) {
        this.folder = folder;
    }

    static ShippedGoldenValues open() {
        URL landmark = ShippedGoldenValues.class.getResource(LANDMARK);
        if (landmark == null) {
            throw new IllegalStateException("the golden values are missing from the jar");
        }
        try {
            ShippedGoldenValues values = new ShippedGoldenValues(Files.createTempDirectory("raptor-golden-values"));
            try {
                values.copy(landmark.toURI());
                return values;
            } catch (IOException | RuntimeException e) {
                values.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the golden values to the folder for temporary files", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The folders of golden values. */
    List<Path> sets() {
        return SETS.stream().map(folder::resolve).toList();
    }

    private void copy(URI landmark) throws IOException {
        if (landmark.getScheme().equals("jar")) {
            try (FileSystem jar = FileSystems.newFileSystem(landmark, Map.of())) {
                copy(jar.getPath(ROOT));
            }
        } else {
            copy(Path.of(landmark).getParent().getParent());
        }
    }

    private void copy(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path source : (Iterable<Path>) all::iterator) {
                Path target = folder.resolve(root.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(source, target);
                }
            }
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
