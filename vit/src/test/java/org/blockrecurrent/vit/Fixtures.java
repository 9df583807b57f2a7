package org.blockrecurrent.vit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** Files that tests read: those that ship with the module, and the large ones that {@code RAPTOR_FIXTURES} points to. */
public final class Fixtures {
    private Fixtures() {}

    /** A file or folder among the test resources. */
    public static Path resource(String path) {
        URL url = Fixtures.class.getResource("/" + path);
        assertThat(url).as("the test resource %s", path).isNotNull();
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A folder of the large fixtures, or null if nobody has said where they are. */
    public static Path folder(String name) {
        String root = System.getenv("RAPTOR_FIXTURES");
        return root == null ? null : Path.of(root, name);
    }

    /** The same, or the test is skipped. */
    public static Path require(String name) {
        Path folder = folder(name);
        assumeThat(folder)
                .as("the folder of the large golden files, RAPTOR_FIXTURES")
                .isNotNull();
        return folder;
    }
}
