package org.blockrecurrent.kernels.emulator;

import org.blockrecurrent.kernels.emulator.PlantedBug.Symptom;

class PlantedBugsCheckedTest extends PlantedBugRuns {
    PlantedBugsCheckedTest() {
        super("checked");
    }

    @Override
    EmulatedDevice openDevice() {
        return EmulatedDevice.checked();
    }

    @Override
    Symptom expected(PlantedBug bug) {
        return bug.checked();
    }
}
