package org.blockrecurrent.tensor.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One row of the corpus of malformed files: where it is, what a reader must do, what is wrong with it. */
record HostileFile(Path path, long bytes, String expect, String mustDo, String wrong) {

    /** All files listed under {@code golden/FOLDER}. */
    static List<HostileFile> all(String folder) {
        Path golden = golden("");
        try {
            List<HostileFile> files = new ArrayList<>();
            for (String line : Files.readAllLines(golden.resolve(folder).resolve("INDEX.tsv"))) {
                String[] cells = line.split("\t");
                if (!cells[0].equals("file")) {
                    files.add(new HostileFile(
                            golden.resolve(cells[0]), Long.parseLong(cells[1]), cells[2], cells[3], cells[4]));
                }
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file or folder below {@code golden}. */
    static Path golden(String name) {
        try {
            return Path.of(HostileFile.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return path.getFileName() + ": " + wrong;
    }
}
