package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.OpGoldens;

class CudaOpGoldensCheckedTest extends OpGoldens {
    @Override
    protected Backend backend() {
        return CudaBackend.open(List.of(EmulatedDevice.checked().library()), Gemm.CUDA);
    }
}
