package org.blockrecurrent.kernels.driver;

import java.nio.ByteBuffer;
import jcuda.Pointer;

/**
 * The arguments of a launch as the driver wants them: an array of addresses, one for each argument's value. Both lie in
 * one piece of native memory that every launch uses again, because the driver copies the values before it returns.
 */
final class LaunchArguments {
    /** Most arguments of a kernel. */
    static final int MOST = 64;

    private static final int VALUES = MOST * Long.BYTES;

    private final PinnedBuffer memory;

    LaunchArguments(CudaDriver driver) {
        memory = new PinnedBuffer(2 * VALUES, driver);
        for (int i = 0; i < MOST; i++) {
            memory.bytes().putLong(i * Long.BYTES, memory.address() + VALUES + (long) i * Long.BYTES);
        }
    }

    /** Puts the values in place. What is shorter than a long stands in its low bytes: all that CUDA runs on is little-endian. */
    Pointer of(long[] values, int count) {
        ByteBuffer bytes = memory.bytes();
        for (int i = 0; i < count; i++) {
            bytes.putLong(VALUES + i * Long.BYTES, values[i]);
        }
        return memory.pointer();
    }

    void free(CudaDriver driver) {
        memory.free(driver);
    }
}
