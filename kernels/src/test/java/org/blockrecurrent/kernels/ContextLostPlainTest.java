package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import jcuda.driver.CUresult;
import org.blockrecurrent.kernels.driver.ContextLostException;
import org.blockrecurrent.kernels.driver.CudaException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.LinearOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContextLostPlainTest extends OnEmulatedBackend {
    private static final String SYNC = "raptor.cuda.sync";
    /** So far behind the end of a small tensor that nothing can be there. */
    private static final int FAR = 1 << 20;

    @AfterEach
    void forgetSync() {
        System.clearProperty(SYNC);
    }

    @Test
    void a_kernel_that_fails_is_among_the_last_launches_and_every_later_call_says_so() {
        device.configure("deferred=on quiet=on");
        try (CudaBackend backend = open()) {
            Tensor x = backend.tensor(Shape.of(5, 1), 1, 2, 3, 4, 5);
            Tensor y = backend.zeros(Shape.of(1, 5));
            scale(backend.launcher(), y, x, 2, 5);
            scale(backend.launcher(), y, x, 2, FAR);
            assertThatThrownBy(y::toArray)
                    .isInstanceOf(ContextLostException.class)
                    .hasMessageContainingAll("CUDA_ERROR_ILLEGAL_ADDRESS (700)", "latest first", "(1, 5), (5, 1)")
                    .hasMessageContainingAll(
                            "elementwise_scale, grid (1024, 1, 1)", "elementwise_scale, grid (1, 1, 1)")
                    .hasMessageContaining("raptor.cuda.sync=true");
            assertThatThrownBy(() -> backend.zeros(Shape.of(3)))
                    .isInstanceOf(ContextLostException.class)
                    .hasMessageContaining("the CUDA context is lost because of an error");
            assertThatThrownBy(() -> scale(backend.launcher(), y, x, 2, 5)).isInstanceOf(ContextLostException.class);
        }
    }

    @Test
    void with_the_system_property_the_launch_itself_fails() {
        device.configure("deferred=on quiet=on");
        System.setProperty(SYNC, "true");
        try (CudaBackend backend = open()) {
            Tensor x = backend.tensor(Shape.of(2), 1, 2);
            Tensor y = backend.zeros(Shape.of(2));
            assertThatThrownBy(() -> scale(backend.launcher(), y, x, 2, FAR))
                    .isInstanceOf(ContextLostException.class)
                    .hasMessageContaining("because of an error that the kernel elementwise_scale, grid (1024, 1, 1)");
        }
    }

    @Test
    void a_gpu_that_dies_between_two_calls_loses_the_context() {
        try (CudaBackend backend = open()) {
            Tensor x = backend.tensor(Shape.of(2), 1, 2);
            device.loseContexts(CUresult.CUDA_ERROR_ECC_UNCORRECTABLE);
            assertThatThrownBy(x::toArray)
                    .isInstanceOf(ContextLostException.class)
                    .hasMessageContaining("CUDA_ERROR_ECC_UNCORRECTABLE");
        }
    }

    @Test
    void a_backend_whose_context_is_lost_makes_no_call_when_it_is_closed() {
        CudaBackend backend = open();
        Tensor x = backend.tensor(Shape.of(2), 1, 2);
        device.loseContexts(CUresult.CUDA_ERROR_LAUNCH_FAILED);
        assertThatThrownBy(x::toArray).isInstanceOf(ContextLostException.class);
        device.resetCalls();
        backend.close();
        backend.close();
        assertThat(device.calls()).isEmpty();
    }

    @Test
    void a_gpu_that_dies_in_a_product_of_cublas_loses_the_context() throws IOException, InterruptedException {
        FakeCublas.use(device);
        device.configure("quiet=on");
        try (CudaBackend backend = CudaBackend.open(List.of(device.library()), Gemm.CUBLAS)) {
            Tensor x = backend.zeros(Shape.of(2, 3));
            Tensor y = backend.zeros(Shape.of(2, 2));
            device.loseContexts(CUresult.CUDA_ERROR_LAUNCH_FAILED);
            assertThatThrownBy(() -> backend.matmul().linear(y, x, x, null))
                    .isInstanceOf(ContextLostException.class)
                    .hasMessageContainingAll("cublasSgemm of (2, 3) and (3, 2)", "CUDA_ERROR_LAUNCH_FAILED");
        }
    }

    @Test
    void a_product_that_cublas_refuses_leaves_the_backend_as_it_was() throws IOException, InterruptedException {
        FakeCublas.use(device);
        try (CudaBackend backend = CudaBackend.open(List.of(device.library()), Gemm.CUBLAS)) {
            Tensor x = backend.tensor(Shape.of(1, 1), 3);
            device.failCall("cuMemHostAlloc", 1, CUresult.CUDA_ERROR_OUT_OF_MEMORY);
            assertThatThrownBy(() -> LinearOp.forward(x, x, null))
                    .isInstanceOf(CudaException.class)
                    .isNotInstanceOf(ContextLostException.class)
                    .hasMessageContaining("cublasSgemm of (1, 1) and (1, 1) failed: CUBLAS_STATUS_EXECUTION_FAILED");
            assertThat(LinearOp.forward(x, x, null).toArray()).containsExactly(9);
        }
    }
}
