package org.blockrecurrent.raptor.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the golden values are: all of them in the folder that RAPTOR_FIXTURES names, most of them among the resources. */
final class GoldenFolders {
    private GoldenFolders() {}

    /** The folder of some golden values: those of RAPTOR_FIXTURES if it is set. */
    static Path best(String name) {
        String fixtures = System.getenv("RAPTOR_FIXTURES");
        if (fixtures != null) {
            return Path.of(fixtures).resolve(name);
        }
        System.out.println(
                name + ": RAPTOR_FIXTURES is not set; only the golden values among the test resources are verified");
        return resource(name);
    }

    static Path resource(String name) {
        try {
            return Path.of(GoldenFolders.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy of the resources, to be damaged. */
    static Path copy(String name, Path to) {
        Path from = resource(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return to;
    }
}
