package org.blockrecurrent.kernels.driver;

/**
 * Device memory for the time between a few launches, such as the partial sums of a reduction. Close it right after the
 * last launch that uses it: the stream runs whatever takes the memory next after that launch.
 *
 * <pre>{@code
 * try (Scratch partial = cuda.scratch(blocks)) {
 *   cuda.launch("reduce", "reduce_partial").grid(blocks).block(256).scratch(partial).tensor(x).i32(n).run();
 *   cuda.launch("reduce", "reduce_final").grid(1).block(256).output(y).scratch(partial).i32(blocks).run();
 * }
 * }</pre>
 */
public final class Scratch implements AutoCloseable {
    Scratch() {}

    @Override
    public void close() {
        throw new UnsupportedOperationException("the driver layer is not written yet");
    }
}
