package org.blockrecurrent.kernels.driver;

import org.blockrecurrent.tensor.Tensor;

/**
 * One launch of a kernel: grid, block, then the arguments in the kernel's order, then {@link #run}.
 *
 * <pre>{@code
 * cuda.launch("layer_norm", "layer_norm_forward").grid(rows).block(256)
 *     .output(y).output(mean).output(rstd).tensor(x).tensor(weight).tensor(bias).i32(rows).i32(d).f32(eps)
 *     .run();
 * }</pre>
 */
public final class Launch {
    Launch() {}

    /** Number of blocks; a launch with an extent of 0 does nothing. At most 2³¹ − 1. */
    public Launch grid(long x) {
        return grid(x, 1, 1);
    }

    /** Number of blocks; y at most 65535. */
    public Launch grid(long x, long y) {
        return grid(x, y, 1);
    }

    /** Number of blocks; y and z at most 65535. */
    public Launch grid(long x, long y, long z) {
        throw notYet();
    }

    /** Threads of a block, at most 1024. */
    public Launch block(int x) {
        return block(x, 1);
    }

    /** Threads of a block, at most 1024 together. */
    public Launch block(int x, int y) {
        throw notYet();
    }

    /** Bytes of dynamic shared memory; without this call none. */
    public Launch shared(int bytes) {
        throw notYet();
    }

    /** The address of a tensor that the kernel only reads; 0 for null. */
    public Launch tensor(Tensor input) {
        throw notYet();
    }

    /** The address of a tensor that the kernel writes, which counts as a new version of it; 0 for null. */
    public Launch output(Tensor output) {
        throw notYet();
    }

    /** The address of scratch memory; 0 for null. */
    public Launch scratch(Scratch scratch) {
        throw notYet();
    }

    public Launch i32(int value) {
        throw notYet();
    }

    public Launch i64(long value) {
        throw notYet();
    }

    public Launch f32(float value) {
        throw notYet();
    }

    /** Hands the launch to the stream and returns at once. */
    public void run() {
        throw notYet();
    }

    private static UnsupportedOperationException notYet() {
        return new UnsupportedOperationException("the driver layer is not written yet");
    }
}
