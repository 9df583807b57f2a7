package org.blockrecurrent.kernels.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Loads JCuda's native libraries from a private folder.
 *
 * <p>JCuda unpacks them into {@code java.io.tmpdir} under fixed names and takes whatever file is there already: half a
 * file left by a JVM that was killed ends the process, and in a shared folder anybody could put one. The property is
 * read when a class of JCuda is initialised, so it points to a fresh folder for just that time.
 */
final class NativeLibraries {
    private static final String TMPDIR = "java.io.tmpdir";
    private static final Pattern REASON = Pattern.compile("UnsatisfiedLinkError: (.*)");

    private NativeLibraries() {}

    /** Loads the library, then initialises the class that needs it. Throws {@link UnsatisfiedLinkError} with one line. */
    static synchronized void load(List<Path> libraries, String jcudaClass) {
        String shared = System.getProperty(TMPDIR);
        Path unpacked = privateFolder(shared);
        System.setProperty(TMPDIR, unpacked.toString());
        try {
            libraries.forEach(library -> System.load(library.toAbsolutePath().toString()));
            Class.forName(jcudaClass);
        } catch (ClassNotFoundException e) {
            throw oneLine(jcudaClass + " is not on the class path", e);
        } catch (LinkageError e) {
            throw oneLine(reason(e), e);
        } finally {
            System.setProperty(TMPDIR, shared);
            empty(unpacked);
            deleteNowOrAtExit(unpacked);
        }
    }

    private static Path privateFolder(String parent) {
        try {
            Path folder = Files.createTempDirectory(Path.of(parent), "raptor-jcuda-");
            // Files go in reverse order of registration: the folder, registered first, goes last.
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw oneLine(
                    "JCuda's libraries cannot be unpacked into " + parent + " (" + e.getMessage()
                            + "), name another folder with -Djava.io.tmpdir",
                    e);
        }
    }

    /** A library stays mapped after its file has gone, except on Windows, where it may go when the JVM ends. */
    private static void empty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(NativeLibraries::deleteNowOrAtExit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteNowOrAtExit(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }

    /** JCuda's message holds two stack traces; the last reason in them is the one that counts. */
    static String reason(Throwable failure) {
        String found = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher reasons = REASON.matcher(cause.toString());
            while (reasons.find()) {
                if (!reasons.group(1).startsWith("Error while loading")) {
                    found = reasons.group(1);
                }
            }
        }
        return found == null ? failure.toString().lines().findFirst().orElseThrow() : found;
    }

    private static UnsatisfiedLinkError oneLine(String reason, Throwable cause) {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError(reason);
        error.initCause(cause);
        return error;
    }
}
