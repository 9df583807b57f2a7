package org.blockrecurrent.kernels.emulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Has the emulated device built by {@code kernels/src/test/cpp/emulator/build-emulator}, which compiles only what is
 * stale, into {@code kernels/target/emulator}: one folder for builds on every JDK.
 */
final class EmulatorBuild {
    private static final String SOURCES = "src/test/cpp/emulator";
    private static final long MINUTES = 15;

    private EmulatorBuild() {}

    /** Why it cannot be built on this machine, or nothing. */
    static Optional<String> impossibleBecause() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        if (!system.contains("linux") || !(processor.equals("amd64") || processor.equals("x86_64"))) {
            return Optional.of(
                    "the emulated CUDA device runs on x86-64 Linux only, this is " + system + " on " + processor);
        }
        return canRun("g++", "--version")
                ? Optional.empty()
                : Optional.of(
                        "the emulated CUDA device is built with g++, which was not found: install it (apt-get install g++)");
    }

    /**
     * Builds what is stale.
     *
     * @param mode plain, checked or counted
     * @return the path of {@code libcuda.so.1}
     */
    static Path build(String mode) {
        Path module = module();
        Path out = module.resolve("target/emulator");
        List<String> command = List.of(
                "bash",
                module.resolve(SOURCES).resolve("build-emulator").toString(),
                mode,
                out.toString(),
                module.resolve("src/main/cuda") + "=kernels",
                module.resolve("src/test/cpp/planted") + "=planted");
        Path log = out.resolve("build-" + mode + ".log");
        try {
            Files.createDirectories(out);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("the emulated CUDA device does not build (" + String.join(" ", command)
                        + "):\n" + Files.readString(log, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException("the emulated CUDA device does not build: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the emulated CUDA device was built", e);
        }
        return out.resolve(mode).resolve("libcuda.so.1");
    }

    /** The folder of module kernels: that of the build that runs, or beside it. */
    static Path module() {
        List<Path> candidates = new ArrayList<>();
        Path folder = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        for (; folder != null; folder = folder.getParent()) {
            candidates.add(folder);
            candidates.add(folder.resolve("kernels"));
        }
        return candidates.stream()
                .filter(candidate -> Files.isDirectory(candidate.resolve(SOURCES)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no folder kernels/" + SOURCES + " found from here"));
    }

    private static boolean canRun(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
