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
    private final MemoryPool pool;
    private final DeviceBlock block;
    private boolean isClosed;

    Scratch(MemoryPool pool, DeviceBlock block) {
        this.pool = pool;
        this.block = block;
    }

    /** Where it starts, 256-byte aligned. */
    long address() {
        if (isClosed) {
            throw new IllegalStateException("scratch memory used after it was closed");
        }
        return block.address();
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            pool.give(block);
        }
    }
}
