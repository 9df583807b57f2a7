package org.blockrecurrent.kernels;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What this machine has of an NVIDIA driver, found by looking for its files: nothing is loaded, so looking is safe where
 * the driver is broken. The environment variable {@value #ENVIRONMENT}, or the system property {@value #PROPERTY} before
 * it, names a driver library in another place, which is then taken on trust.
 *
 * @param library the driver library ({@code libcuda.so.1}, {@code nvcuda.dll}), if found
 * @param isRunning whether a driver serves a GPU here: on Linux the kernel module says so under {@code /proc}; on
 *     Windows, and where the library is named, the library is taken as the sign
 */
record NvidiaDriver(Optional<Path> library, boolean isRunning) {
    static final String ENVIRONMENT = "RAPTOR_CUDA_LIBRARY";
    static final String PROPERTY = "raptor.cuda.library";

    private static final List<String> LINUX_FOLDERS = List.of(
            "usr/lib/x86_64-linux-gnu",
            "usr/lib/aarch64-linux-gnu",
            "usr/lib64",
            "usr/lib",
            "usr/lib/wsl/lib",
            "usr/local/nvidia/lib64",
            "usr/local/cuda/compat",
            "run/opengl-driver/lib");

    /** Looks on this machine. */
    static NvidiaDriver find() {
        String named = System.getProperty(PROPERTY, System.getenv().getOrDefault(ENVIRONMENT, ""));
        return named.isEmpty()
                ? find(Path.of("").toAbsolutePath().getRoot(), System.getProperty("os.name"), System.getenv())
                : new NvidiaDriver(Optional.of(Path.of(named)), true);
    }

    /** Looks below {@code root}, which tests replace. The folders of {@code LD_LIBRARY_PATH} are below it too. */
    static NvidiaDriver find(Path root, String osName, Map<String, String> environment) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.contains("windows")) {
            Optional<Path> library = firstFile(List.of(root.resolve("Windows/System32")), "nvcuda.dll");
            return new NvidiaDriver(library, library.isPresent());
        }
        if (!os.contains("linux")) {
            return new NvidiaDriver(Optional.empty(), false);
        }
        // Under WSL the driver runs in Windows and shows itself as the device file alone.
        boolean running =
                Files.exists(root.resolve("proc/driver/nvidia/version")) || Files.exists(root.resolve("dev/dxg"));
        return new NvidiaDriver(firstFile(linuxFolders(root, environment), "libcuda.so.1"), running);
    }

    private static List<Path> linuxFolders(Path root, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        for (String folder : environment.getOrDefault("LD_LIBRARY_PATH", "").split(Pattern.quote(":"))) {
            if (folder.startsWith("/")) {
                folders.add(root.resolve(folder.substring(1)));
            }
        }
        LINUX_FOLDERS.forEach(folder -> folders.add(root.resolve(folder)));
        return folders;
    }

    private static Optional<Path> firstFile(List<Path> folders, String name) {
        for (Path folder : folders) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
