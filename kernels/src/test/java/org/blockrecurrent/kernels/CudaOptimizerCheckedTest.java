package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.OptimizerContract;

class CudaOptimizerCheckedTest extends OptimizerContract {
    @Override
    protected Backend backend() {
        return CudaBackend.open(List.of(EmulatedDevice.checked().library()), Gemm.CUDA);
    }
}
