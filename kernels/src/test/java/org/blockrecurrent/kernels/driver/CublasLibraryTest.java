package org.blockrecurrent.kernels.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CublasLibraryTest {
    @TempDir
    Path root;

    @Test
    void without_any_cublas_the_folders_looked_through_are_named() {
        assertThat(missing())
                .contains("cuBLAS 12 was not found", "usr/local/cuda/lib64", "RAPTOR_CUBLAS_LIBRARY", "--gemm cuda")
                .doesNotContain("\n");
    }

    @Test
    void a_machine_with_version_13_alone_is_told_how_to_get_12() throws IOException {
        touch("usr/local/cuda/lib64/libcublas.so.13");
        assertThat(missing()).contains("libcublas.so.13", "JCublas cannot use", "nvidia-cublas-cu12");
    }

    @Test
    void version_12_is_found_in_the_library_path_first() throws IOException {
        touch("usr/lib64/libcublas.so.12");
        touch("opt/own/libcublas.so.12");
        CublasLibrary library = CublasLibrary.find(root, Map.of("LD_LIBRARY_PATH", "/opt/own"));
        assertThat(library.version12()).contains(root.resolve("opt/own/libcublas.so.12"));
        assertThat(library.missing("file too short")).contains("opt/own", "cannot be loaded", "file too short");
    }

    private String missing() {
        return CublasLibrary.find(root, Map.of()).missing("no such file");
    }

    private void touch(String file) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
    }
}
