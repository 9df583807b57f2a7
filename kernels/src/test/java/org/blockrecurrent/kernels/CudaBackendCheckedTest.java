package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.BackendContract;

/** The CUDA backend on the emulated device, with every access checked. */
class CudaBackendCheckedTest extends BackendContract {
    @Override
    protected Backend backend() {
        return CudaBackend.open(List.of(EmulatedDevice.checked().library()), Gemm.CUDA);
    }

    @Override
    protected long mostFlops() {
        return 1_000_000;
    }
}
