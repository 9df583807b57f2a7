package org.blockrecurrent.kernels.driver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cuBLAS of this machine. JCublas wants version 12 by its file name; a machine with CUDA 13 alone has none.
 *
 * @param version12 {@code libcublas.so.12}, if found
 * @param version13 {@code libcublas.so.13}, if found
 * @param searched the folders that were looked through
 */
record CublasLibrary(Optional<Path> version12, Optional<Path> version13, List<Path> searched) {
    /** Environment variable with the path of {@code libcublas.so.12}. */
    static final String ENVIRONMENT = "RAPTOR_CUBLAS_LIBRARY";
    /** System property with the same meaning, which comes first. */
    static final String PROPERTY = "raptor.cublas.library";

    private static final List<String> FOLDERS = List.of(
            "usr/local/cuda/lib64",
            "usr/local/cuda-12/lib64",
            "usr/lib/x86_64-linux-gnu",
            "usr/lib64",
            "opt/cuda/lib64");

    /** Looks on this machine. */
    static CublasLibrary find() {
        String named = System.getProperty(PROPERTY, System.getenv().getOrDefault(ENVIRONMENT, ""));
        return named.isEmpty()
                ? find(Path.of("").toAbsolutePath().getRoot(), System.getenv())
                : new CublasLibrary(Optional.of(Path.of(named)), Optional.empty(), List.of());
    }

    /** Looks below {@code root}, which tests replace. The folders of {@code LD_LIBRARY_PATH} are below it too. */
    static CublasLibrary find(Path root, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        for (String folder : environment.getOrDefault("LD_LIBRARY_PATH", "").split(Pattern.quote(":"))) {
            if (folder.startsWith("/")) {
                folders.add(root.resolve(folder.substring(1)));
            }
        }
        FOLDERS.forEach(folder -> folders.add(root.resolve(folder)));
        return new CublasLibrary(first(folders, "libcublas.so.12"), first(folders, "libcublas.so.13"), folders);
    }

    /** One line on what is missing, given the loader's words. */
    String missing(String loader) {
        String how = "install it (package libcublas-12-6 of CUDA 12.6, or pip install nvidia-cublas-cu12) and name "
                + "its libcublas.so.12 with " + ENVIRONMENT + ", or use --gemm cuda. The loader says: " + loader;
        if (version12.isPresent()) {
            return version12.get() + " cannot be loaded: " + how;
        }
        if (version13.isPresent()) {
            return "cuBLAS 12 was not found, only " + version13.get() + ", which JCublas cannot use: " + how;
        }
        return "cuBLAS 12 was not found (libcublas.so.12 in " + searched + "): " + how;
    }

    private static Optional<Path> first(List<Path> folders, String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::exists)
                .findFirst();
    }
}
