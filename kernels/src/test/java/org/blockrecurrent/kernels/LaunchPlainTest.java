package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import jcuda.driver.CUresult;
import org.blockrecurrent.kernels.driver.CudaException;
import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.CudaUnavailableException;
import org.blockrecurrent.kernels.driver.Launch;
import org.blockrecurrent.kernels.driver.LaunchLimitException;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.ReleasedTensorException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchPlainTest extends OnEmulatedBackend {
    private CudaBackend backend;
    private CudaLauncher cuda;
    private Tensor x;
    private Tensor y;

    @BeforeEach
    void openBackend() {
        backend = open();
        cuda = backend.launcher();
        x = backend.tensor(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        y = backend.zeros(Shape.of(2, 3));
    }

    @AfterEach
    void closeBackend() {
        if (backend != null) {
            backend.close();
        }
    }

    @Test
    void a_kernel_computes_from_the_arguments_it_is_given() {
        scale(cuda, y, x, -0.5f, 6);
        assertThat(y.toArray()).containsExactly(-0.5f, -1, -1.5f, -2, -2.5f, -3);
    }

    @Test
    void launches_run_in_the_order_in_which_they_were_made() {
        device.configure("deferred=on");
        scale(cuda, y, x, 2, 6);
        scale(cuda, x, y, 10, 6);
        scale(cuda, y, x, 1, 6);
        assertThat(y.toArray()).containsExactly(20, 40, 60, 80, 100, 120);
    }

    @Test
    void two_launches_may_be_built_side_by_side() {
        Launch first = prepared(2);
        Launch second = prepared(3);
        second.run();
        first.run();
        assertThat(y.toArray()).containsExactly(2, 4, 6, 8, 10, 12);
    }

    private Launch prepared(float factor) {
        Launch launch = cuda.launch("elementwise", "elementwise_scale").grid(1).block(32);
        return launch.output(y).tensor(x).f32(factor).i32(6).i32(0);
    }

    @Test
    void an_output_counts_as_a_new_version_and_an_input_does_not() {
        int before = y.storage().version();
        int input = x.storage().version();
        scale(cuda, y, x, 1, 6);
        assertThat(y.storage().version()).isEqualTo(before + 1);
        assertThat(x.storage().version()).isEqualTo(input);
    }

    @Test
    void an_empty_grid_launches_nothing() {
        device.resetCalls();
        prepared(1).grid(0).run();
        prepared(1).grid(3, 0).run();
        assertThat(calls("cuLaunchKernel")).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {65536, 1L << 40})
    void a_grid_that_is_too_large_names_kernel_and_tensors(long blocks) {
        assertThatThrownBy(() -> prepared(1).grid(1, blocks).run())
                .isInstanceOf(LaunchLimitException.class)
                .hasMessageContainingAll("elementwise_scale", "(1, " + blocks + ", 1)", "tensors (2, 3), (2, 3)")
                .hasMessageContaining("split the batch");
    }

    @Test
    void a_block_of_no_or_too_many_threads_is_refused() {
        assertThatThrownBy(() -> prepared(1).block(0).run()).hasMessageContaining("1 to 1024 threads");
        assertThatThrownBy(() -> prepared(1).block(64, 17).run()).hasMessageContaining("1 to 1024 threads");
    }

    @Test
    void more_shared_memory_than_the_device_has_is_refused() {
        int most = cuda.device().sharedBytesPerBlock();
        prepared(1).shared(most).run();
        assertThatThrownBy(() -> prepared(1).shared(most + 1).run())
                .isInstanceOf(LaunchLimitException.class)
                .hasMessageContainingAll("elementwise_scale", (most + 1) + " bytes of shared memory", "has " + most);
    }

    @Test
    void forgotten_swapped_and_superfluous_arguments_are_refused() {
        Launch launch = cuda.launch("elementwise", "elementwise_scale").grid(1).block(32);
        assertThatThrownBy(() -> launch.output(y).tensor(x).run())
                .hasMessageContainingAll("elementwise_scale", "5 arguments", "given are 2");
        assertThatThrownBy(() -> launch.i32(3)).hasMessageContainingAll("f32", "argument 3", "an integer");
        assertThatThrownBy(() -> prepared(1).i32(0)).hasMessageContaining("argument 6");
    }

    @Test
    void a_kernel_or_file_that_is_not_there_is_named() {
        assertThatThrownBy(() -> cuda.launch("elementwise", "elementwise_sclae"))
                .hasMessageContainingAll("elementwise.ptx", "elementwise_sclae");
        assertThatThrownBy(() -> cuda.launch("elementwize", "x")).hasMessageContaining("elementwize.ptx");
    }

    @Test
    void a_released_tensor_is_named_with_its_kernel() {
        Tensor released;
        try (Scope scope = backend.openScope()) {
            released = backend.zeros(Shape.of(7, 5));
        }
        assertThatThrownBy(() -> scale(cuda, y, released, 1, 6))
                .isInstanceOf(ReleasedTensorException.class)
                .hasMessageContainingAll("elementwise_scale", "(7, 5)", "keep(tensor)");
    }

    @Test
    void a_tensor_of_another_backend_is_named_with_its_kernel() {
        try (ReferenceBackend reference = new ReferenceBackend();
                CudaBackend second = open()) {
            for (Tensor foreign : new Tensor[] {reference.zeros(Shape.of(7, 5)), second.zeros(Shape.of(7, 5))}) {
                assertThatThrownBy(() -> scale(cuda, y, foreign, 1, 6))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContainingAll(
                                "elementwise_scale", "(7, 5)", foreign.backend().name());
            }
        }
    }

    @Test
    void a_launch_that_the_driver_refuses_is_named_and_the_backend_goes_on() {
        device.failCall("cuLaunchKernel", 1, CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES);
        assertThatThrownBy(() -> scale(cuda, y, x, 1, 6))
                .isInstanceOf(CudaException.class)
                .hasMessageContainingAll("elementwise_scale, grid (1, 1, 1), block (256, 1), tensors (2, 3), (2, 3)")
                .hasMessageContaining("CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES (701)");
        scale(cuda, y, x, 1, 6);
        assertThat(y.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void ptx_that_does_not_compile_is_reported_with_the_compilers_words() {
        device.configure("quiet=on");
        assertThatThrownBy(() -> cuda.launch("broken", "broken"))
                .isInstanceOf(CudaException.class)
                .hasMessageContainingAll("broken.ptx (the image is no PTX: ", "CUDA_ERROR_INVALID_IMAGE (200)");
    }

    @Test
    void a_driver_that_does_not_know_the_ptx_is_told_apart() {
        device.failCall("cuModuleLoadDataEx", 1, CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
        assertThatThrownBy(() -> scale(cuda, y, x, 1, 6))
                .isInstanceOf(CudaUnavailableException.class)
                .hasMessageContainingAll("elementwise", "compute_80, version 7.0", "install a newer driver");
        device.failCall("cuModuleLoadDataEx", 1, CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND);
        assertThatThrownBy(() -> scale(cuda, y, x, 1, 6)).hasMessageContaining("libnvidia-ptxjitcompiler.so.1");
    }

    @Test
    void the_backend_follows_its_user_to_another_thread() throws InterruptedException {
        AtomicReference<float[]> result = new AtomicReference<>();
        Thread other = new Thread(() -> {
            scale(cuda, y, x, 4, 6);
            result.set(y.toArray());
        });
        other.start();
        other.join();
        assertThat(result.get()).containsExactly(4, 8, 12, 16, 20, 24);
        scale(cuda, y, x, 5, 6);
        assertThat(y.toArray()).startsWith(5, 10);
    }
}
