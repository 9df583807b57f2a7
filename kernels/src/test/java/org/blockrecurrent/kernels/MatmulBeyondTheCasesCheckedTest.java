package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.emulator.EmulatedDevice;

class MatmulBeyondTheCasesCheckedTest extends MatmulBeyondTheCases {
    @Override
    protected EmulatedDevice emulatedDevice() {
        return EmulatedDevice.checked();
    }
}
