package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.BackendContract;

/** The CUDA backend on the emulated device, in shuffled order. */
class CudaBackendPlainTest extends BackendContract {
    @Override
    protected Backend backend() {
        return CudaBackend.open(List.of(EmulatedDevice.plain().library()), Gemm.CUDA);
    }

    @Override
    protected long mostFlops() {
        return 5_000_000;
    }
}
