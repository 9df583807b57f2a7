package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import jcuda.driver.CUresult;
import org.blockrecurrent.kernels.driver.CudaUnavailableException;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.BackendOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpeningPlainTest extends OnEmulatedBackend {
    @Test
    void a_device_that_is_there_is_opened_and_describes_itself() {
        assertThat(provider().unavailableBecause()).isNull();
        try (Backend backend = provider().open()) {
            assertThat(backend.name()).isEqualTo("cuda");
            assertThat(backend.description())
                    .contains("compute capability 9.0", "driver for CUDA 12.6", "matrix products by cuda")
                    .doesNotContain("\n");
        }
    }

    /** What {@code auto} shows is the reason alone, up to the first colon: it must make sense by itself. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    devices=0        | the NVIDIA driver knows no GPU  | CUDA_VISIBLE_DEVICES
                    driver=10020     | the NVIDIA driver is too old    | serves CUDA 10.2, the kernels need 11.0
                    capability=75    | the GPU is too old              | has compute capability 7.5
                    """)
    void a_machine_that_will_not_do_is_told_why_and_what_to_do(String setting, String reason, String detail) {
        device.configure(setting);
        requireUnavailable(reason, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    cuInit                       | 100 | the NVIDIA driver knows no GPU | nvidia-smi
                    cuInit                       | 34  | libcuda.so.1 is the stub       | stubs folder
                    cuInit                       | 803 | CUDA does not start            | CUDA_ERROR_SYSTEM_DRIVER_MISMATCH
                    cuDevicePrimaryCtxRetain     | 46  | the GPU is taken               | nvidia-smi -c 0
                    cuDevicePrimaryCtxRetain     | 2   | the GPU has no memory left     | nvidia-smi
                    cuStreamCreate               | 2   | the GPU has no memory left     | nvidia-smi
                    cuMemHostAlloc               | 2   | the GPU has no memory left     | nvidia-smi
                    """)
    void a_driver_that_fails_is_told_why_and_what_to_do(String call, int result, String reason, String detail) {
        device.failCall(call, 1, result);
        requireUnavailable(reason, detail);
    }

    private void requireUnavailable(String reason, String detail) {
        assertThat(provider().unavailableBecause())
                .contains(reason, detail, "or use --device cpu")
                .doesNotContain("\n");
    }

    @Test
    void opening_what_cannot_be_opened_names_the_option() {
        device.configure("devices=0");
        assertThatThrownBy(() -> provider().open())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("--device cuda: the NVIDIA driver knows no GPU");
    }

    @Test
    void a_context_that_could_not_be_used_is_given_back() {
        device.failCall("cuStreamCreate", 1, CUresult.CUDA_ERROR_OUT_OF_MEMORY);
        assertThatThrownBy(this::open).isInstanceOf(CudaUnavailableException.class);
        assertThat(calls("cuDevicePrimaryCtxRelease_v2")).isEqualTo(1);
        open().close();
    }

    @Test
    void the_doctor_is_given_what_the_device_is_and_what_it_does_now() {
        device.configure("memory=32m");
        List<String> lines = provider().diagnose(BackendOptions.DEFAULTS);
        assertThat(lines).hasSize(5).noneMatch(line -> line.contains("\n"));
        assertThat(String.join("\n", lines))
                .contains(
                        "compute capability 9.0",
                        "driver for CUDA 12.6",
                        "PTX for compute_80, version 7.0",
                        "GiB free of")
                .containsPattern("copies: [0-9.]+ GB/s from the host, [0-9.]+ GB/s to the host")
                .containsPattern("matrix product \\(cuda\\): [0-9.]+ GFLOP/s at [0-9]+ x [0-9]+");
        assertThat(device.report()).isEmpty();
    }

    private CudaBackendProvider provider() {
        return new CudaBackendProvider(() -> new NvidiaDriver(Optional.of(device.library()), true));
    }
}
