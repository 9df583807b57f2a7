package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.emulator.EmulatedDevice;

class MatmulBeyondTheCasesCheckedTest extends MatmulBeyondTheCases {
    @Override
    EmulatedDevice emulatedDevice() {
        return EmulatedDevice.checked();
    }
}
