package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.emulator.FreshDevice;
import org.blockrecurrent.tensor.Tensor;

/** A test of the backend on the emulated device. */
abstract class OnEmulatedBackend extends FreshDevice {
    CudaBackend open() {
        return CudaBackend.open(List.of(device.library()), Gemm.CUDA);
    }

    /** Calls in which the host waits for the device. */
    long waits() {
        return calls("cuStreamSynchronize") + calls("cuCtxSynchronize") + calls("cuEventSynchronize");
    }

    /** {@code y = factor · x} by a kernel that is told of {@code count} elements. */
    static void scale(CudaLauncher cuda, Tensor y, Tensor x, float factor, int count) {
        cuda.launch("elementwise", "elementwise_scale")
                .grid((count + 1023) / 1024)
                .block(256)
                .output(y)
                .tensor(x)
                .f32(factor)
                .i32(count)
                .i32(0)
                .run();
    }
}
