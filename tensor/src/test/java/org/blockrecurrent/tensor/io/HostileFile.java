package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.blockrecurrent.tensor.InvalidInputException;

/** One row of the corpus of malformed files: where it is, what a reader must do, what is wrong with it. */
public record HostileFile(Path path, long bytes, String expect, String mustDo, String wrong) {
    private static final long FIXED_BYTES = 1 << 20;

    /** All files listed under {@code golden/FOLDER}. */
    public static List<HostileFile> all(String folder) {
        return listed(golden(folder));
    }

    /** All files listed in the {@code INDEX.tsv} of a folder, by their paths from the folder above. */
    public static List<HostileFile> listed(Path folder) {
        try {
            List<HostileFile> files = new ArrayList<>();
            for (String line : Files.readAllLines(folder.resolve("INDEX.tsv"))) {
                String[] cells = line.split("\t");
                if (!cells[0].equals("file")) {
                    files.add(new HostileFile(
                            folder.resolveSibling(cells[0]), Long.parseLong(cells[1]), cells[2], cells[3], cells[4]));
                }
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file or folder below {@code golden}. */
    public static Path golden(String name) {
        try {
            return Path.of(HostileFile.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a reader must do, up to the first semicolon or comma. */
    public String kind() {
        return mustDo.split("[;,]")[0];
    }

    /**
     * Fails unless the file was refused as the index says.
     *
     * @param where the path that the message must begin with
     * @param complaints what the message must say for each kind of failure, as a regular expression
     */
    public void requireRefused(Throwable thrown, Path where, Map<String, String> complaints) {
        assertThat(thrown).isInstanceOf(InvalidInputException.class);
        assertThat(complaints).as("kinds of failure").containsKey(kind());
        assertThat(thrown.getMessage())
                .containsPattern(complaints.get(kind()))
                .startsWith(where.toString())
                .doesNotContain("\n");
    }

    /** Fails unless memory is in proportion to the file, apart from buffers for reading and for messages. */
    public void requireBoundedMemory(long bytesPerByte, ThrowingCallable reader) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        catchThrowable(reader); // loads the classes
        long before = threads.getCurrentThreadAllocatedBytes();
        catchThrowable(reader);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(FIXED_BYTES + bytesPerByte * bytes);
    }

    @Override
    public String toString() {
        return path.getFileName() + ": " + wrong;
    }
}
