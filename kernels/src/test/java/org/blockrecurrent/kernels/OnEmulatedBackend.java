package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of the backend on the emulated device; each starts with a driver that nobody has used. */
abstract class OnEmulatedBackend {
    EmulatedDevice device;

    @BeforeEach
    void freshDevice() {
        device = emulatedDevice();
        device.reset();
    }

    @AfterEach
    void forgetTheDevice() {
        if (device != null) {
            device.reset();
        }
    }

    /** In the mode that the name of the test class says. */
    EmulatedDevice emulatedDevice() {
        return EmulatedDevice.plain();
    }

    CudaBackend open() {
        return CudaBackend.open(List.of(device.library()), Gemm.CUDA);
    }

    long calls(String function) {
        return device.calls().getOrDefault(function, 0L);
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
