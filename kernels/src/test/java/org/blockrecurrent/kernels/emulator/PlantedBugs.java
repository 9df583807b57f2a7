package org.blockrecurrent.kernels.emulator;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.blockrecurrent.kernels.emulator.PlantedBug.Symptom;
import org.blockrecurrent.kernels.emulator.PlantedBug.WrongResult;

/** The bugs that the emulated device must show, and what their programs share. */
final class PlantedBugs {
    static final int INVALID_VALUE = 1;
    static final int OUT_OF_MEMORY = 2;
    static final int ILLEGAL_ADDRESS = 700;
    static final int LAUNCH_TIMEOUT = 702;
    static final int MISALIGNED_ADDRESS = 716;
    static final int LAUNCH_FAILED = 719;

    static final int N = 256;

    /** {@code x[i] = i + 1}: every element differs, none is zero. */
    static final float[] X = numbers();

    private PlantedBugs() {}

    static List<PlantedBug> all() {
        return Stream.of(
                        PlantedBarrierBugs.all(),
                        PlantedMemoryBugs.all(),
                        PlantedTensorCoreBugs.all(),
                        PlantedHostBugs.all())
                .flatMap(List::stream)
                .toList();
    }

    static PlantedBug sameInBothModes(String name, PlantedBug.Program program, Symptom symptom) {
        return new PlantedBug(name, program, symptom, symptom);
    }

    static String kernel(String name, boolean buggy) {
        return name + (buggy ? "_bug" : "_fixed");
    }

    static void expect(float[] actual, IntToDoubleFunction expected) {
        for (int i = 0; i < actual.length; i++) {
            if (actual[i] != (float) expected.applyAsDouble(i)) {
                throw new WrongResult("element " + i + " is " + actual[i] + " instead of " + expected.applyAsDouble(i));
            }
        }
    }

    static void expect(int actual, int expected) {
        if (actual != expected) {
            throw new WrongResult(actual + " instead of " + expected);
        }
    }

    private static float[] numbers() {
        float[] x = new float[N];
        for (int i = 0; i < N; i++) {
            x[i] = i + 1;
        }
        return x;
    }
}
