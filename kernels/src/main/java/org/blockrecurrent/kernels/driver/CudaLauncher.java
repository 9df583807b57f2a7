package org.blockrecurrent.kernels.driver;

import org.blockrecurrent.tensor.Tensor;

/** What a group of kernels needs of the device. Everything it starts runs in order, on one stream, and waits for nothing. */
public final class CudaLauncher {
    CudaLauncher() {}

    /** A launch of {@code function} of the PTX file {@code file} (its name without folder and ending). */
    public Launch launch(String file, String function) {
        return new Launch();
    }

    /** Memory for that many floats, 256-byte aligned, with arbitrary contents. Close it after its last launch. */
    public Scratch scratch(int floats) {
        throw notYet();
    }

    /** A small table for kernels, such as offsets or weights: at most 4096 words, copied to the device in stream order. */
    public Scratch table(int... values) {
        throw notYet();
    }

    /** As {@link #table(int...)}. */
    public Scratch table(float... values) {
        throw notYet();
    }

    /** Sets every element. */
    public void fill(Tensor target, float value) {
        throw notYet();
    }

    /** {@code target ← source}, of equal size. */
    public void copy(Tensor target, Tensor source) {
        throw notYet();
    }

    public DeviceProperties device() {
        throw notYet();
    }

    private static UnsupportedOperationException notYet() {
        return new UnsupportedOperationException("the driver layer is not written yet");
    }
}
