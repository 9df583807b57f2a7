package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.tensor.Backend;

class BeyondTheCasesPlainTest extends BeyondTheCases {
    @Override
    Backend backend() {
        return CudaBackend.open(List.of(EmulatedDevice.plain().library()), Gemm.CUDA);
    }
}
