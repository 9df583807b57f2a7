package org.blockrecurrent.kernels.driver;

import java.nio.ByteBuffer;
import jcuda.Pointer;

/**
 * Host memory that neither the system nor the garbage collector moves. Asynchronous copies use nothing else: given an
 * array, the driver would go on reading or writing where the array has been.
 */
final class PinnedBuffer {
    private final HostPointer pointer = new HostPointer();
    private final ByteBuffer bytes;

    PinnedBuffer(int size, CudaDriver driver) {
        driver.memHostAlloc(pointer, size);
        bytes = CudaDriver.view(pointer, size);
    }

    /** The address, which JCuda keeps to itself. */
    private static final class HostPointer extends Pointer {
        long address() {
            return getNativePointer();
        }
    }

    Pointer pointer() {
        return pointer;
    }

    Pointer pointer(int offset) {
        return offset == 0 ? pointer : pointer.withByteOffset(offset);
    }

    long address() {
        return pointer.address();
    }

    int size() {
        return bytes.capacity();
    }

    /** All bytes, in native order. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** {@code count} bytes from an offset on, in native order. */
    ByteBuffer bytes(int offset, int count) {
        return bytes.slice(offset, count).order(bytes.order());
    }

    void free(CudaDriver driver) {
        driver.memFreeHost(pointer);
    }
}
