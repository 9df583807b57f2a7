package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.tensor.Backend;

class BeyondTheCasesCheckedTest extends BeyondTheCases {
    @Override
    Backend backend() {
        return CudaBackend.open(List.of(EmulatedDevice.checked().library()), Gemm.CUDA);
    }
}
