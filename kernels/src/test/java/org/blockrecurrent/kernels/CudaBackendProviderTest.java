package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.BackendOptions;
import org.blockrecurrent.tensor.backend.BackendProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaBackendProviderTest {
    @TempDir
    Path root;

    @Test
    void is_found_by_the_service_loader() {
        assertThat(ServiceLoader.load(BackendProvider.class))
                .filteredOn(provider -> provider.device().equals("cuda"))
                .hasSize(1);
    }

    @Test
    void says_that_no_driver_is_installed() {
        assertThat(reasonOn("Linux")).contains("no CUDA device was found", "no NVIDIA driver", "--device cpu");
        assertThat(reasonOn("Mac OS X")).contains("no CUDA device was found");
        assertThat(reasonOn("Windows 11")).contains("no CUDA device was found");
    }

    @Test
    void a_driver_library_without_a_running_driver_is_named() throws IOException {
        touch("usr/lib/x86_64-linux-gnu/libcuda.so.1");
        assertThat(reasonOn("Linux"))
                .contains("no CUDA device was found", "x86_64-linux-gnu", "no NVIDIA driver runs", "--device cpu");
    }

    @Test
    void a_running_driver_without_its_library_is_told_apart() throws IOException {
        touch("proc/driver/nvidia/version");
        assertThat(reasonOn("Linux")).contains("libcuda.so.1 was not found", "LD_LIBRARY_PATH");
    }

    /** A text is no library: the loader's words reach the message. */
    @Test
    void a_driver_that_does_not_load_is_told_with_the_loaders_reason() throws IOException {
        touch("proc/driver/nvidia/version");
        touch("usr/lib64/libcuda.so.1");
        assertThat(reasonOn("Linux")).contains("cannot be loaded", "usr/lib64", "file too short", "--device cpu");
    }

    @Test
    void windows_is_known_by_its_library() throws IOException {
        touch("Windows/System32/nvcuda.dll");
        assertThat(reasonOn("Windows 11")).contains("cannot be loaded", "nvcuda.dll");
    }

    @Test
    void a_library_that_is_named_but_not_there_is_told_apart() {
        Path named = root.resolve("libcuda.so.1");
        CudaBackendProvider provider = new CudaBackendProvider(() -> new NvidiaDriver(Optional.of(named), true));
        assertThat(provider.unavailableBecause()).contains(named + " is not there", "RAPTOR_CUDA_LIBRARY");
    }

    @Test
    void the_name_of_the_matrix_product_is_checked_first() {
        assertThatThrownBy(() -> providerOn("Linux").open(new BackendOptions("openblas")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("--gemm openblas", "cuda, cublas");
    }

    @Test
    void the_library_path_is_searched() throws IOException {
        touch("proc/driver/nvidia/version");
        touch("opt/driver/libcuda.so.1");
        NvidiaDriver driver = NvidiaDriver.find(root, "Linux", Map.of("LD_LIBRARY_PATH", "relative::/opt/driver"));
        assertThat(driver.library()).contains(root.resolve("opt/driver/libcuda.so.1"));
    }

    @Test
    void opening_it_fails_with_the_reason() {
        CudaBackendProvider provider = providerOn("Linux");
        assertThatThrownBy(provider::open)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("--device cuda: " + provider.unavailableBecause());
    }

    private String reasonOn(String os) {
        String reason = providerOn(os).unavailableBecause();
        assertThat(reason).isNotNull().doesNotContain("\n");
        return reason;
    }

    private CudaBackendProvider providerOn(String os) {
        return new CudaBackendProvider(() -> NvidiaDriver.find(root, os, Map.of()));
    }

    private void touch(String file) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "no library");
    }
}
