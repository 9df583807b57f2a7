package org.blockrecurrent.kernels.emulator;

import org.blockrecurrent.kernels.emulator.PlantedBug.Symptom;

class PlantedBugsPlainTest extends PlantedBugRuns {
    PlantedBugsPlainTest() {
        super("plain");
    }

    @Override
    EmulatedDevice openDevice() {
        return EmulatedDevice.plain();
    }

    @Override
    Symptom expected(PlantedBug bug) {
        return bug.plain();
    }
}
