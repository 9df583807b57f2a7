package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.emulator.EmulatedDevice;

class AttentionBeyondTheCasesCheckedTest extends AttentionBeyondTheCases {
    @Override
    protected EmulatedDevice emulatedDevice() {
        return EmulatedDevice.checked();
    }
}
