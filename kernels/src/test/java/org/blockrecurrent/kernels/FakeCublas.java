package org.blockrecurrent.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;

/** Builds {@code src/test/cpp/fakecublas} as {@code libcublas.so.12}, beside the emulated device that it computes on. */
final class FakeCublas {
    private static final String PROPERTY = "raptor.cublas.library";

    private FakeCublas() {}

    /** Has it taken for cuBLAS from now on in this JVM. */
    static void use(EmulatedDevice device) throws IOException, InterruptedException {
        Path driver = device.library().toAbsolutePath();
        Path library = driver.resolveSibling("libcublas.so.12");
        // kernels/target/emulator/MODE/libcuda.so.1
        Path module = driver.getParent().getParent().getParent().getParent();
        Path source = module.resolve("src/test/cpp/fakecublas/cublas.c");
        if (!Files.exists(library)
                || Files.getLastModifiedTime(library).compareTo(Files.getLastModifiedTime(source)) < 0) {
            build(source, driver, library);
        }
        System.setProperty(PROPERTY, library.toString());
    }

    /** The emulated device was built with g++, so that is there. */
    private static void build(Path source, Path driver, Path library) throws IOException, InterruptedException {
        Path fresh = Files.createTempFile(library.getParent(), "libcublas", ".so");
        List<String> command = List.of(
                "g++",
                "-x",
                "c",
                "-std=c11",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-fPIC",
                "-shared",
                "-Wl,-soname,libcublas.so.12",
                "-Wl,--default-symver",
                "-o",
                fresh.toString(),
                source.toString(),
                "-L" + driver.getParent(),
                "-l:libcuda.so.1");
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("the fake cuBLAS does not build: " + String.join(" ", command));
        }
        Files.move(fresh, library, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
