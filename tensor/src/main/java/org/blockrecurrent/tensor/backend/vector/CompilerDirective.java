package org.blockrecurrent.tensor.backend.vector;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Keeps HotSpot's first compiler (C1) away from the register tiles and the transposition of panels: they run interpreted until the second one (C2) has
 * compiled them.
 *
 * <p>C1 compiles a vector operation as ordinary calls and allocations, and a large kernel makes it give up ("out of virtual
 * registers") at the tier that gathers the profile which C2 waits for: the kernel then stays a hundred times slow for
 * the life of the process. Seen in about one start of four on JDK 17 before this was done.
 */
final class CompilerDirective {
    private static final Logger LOG = System.getLogger(CompilerDirective.class.getName());
    private static final String DIRECTIVE = """
      [{
        match: [
          "org/blockrecurrent/tensor/backend/vector/SimdTiles.*",
          "org/blockrecurrent/tensor/backend/vector/SimdTranspose.*"
        ],
        c1: { Exclude: true }
      }]
      """;

    private CompilerDirective() {}

    /** Hands the directive to the running JVM; where that cannot be done, says so at debug level and goes on without. */
    static void install() {
        Path file = null;
        try {
            file = Files.createTempFile("raptor-vector", ".json");
            Files.writeString(file, DIRECTIVE);
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "compilerDirectivesAdd",
                            new Object[] {new String[] {file.toString()}},
                            new String[] {String[].class.getName()});
        } catch (IOException | JMException | LinkageError | RuntimeException cause) {
            LOG.log(Level.DEBUG, "The compiler directive for the vector kernels could not be installed", cause);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException cause) {
            LOG.log(Level.DEBUG, "A temporary file could not be deleted: " + file, cause);
        }
    }
}
