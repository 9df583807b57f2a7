package org.blockrecurrent.kernels.driver;

import jcuda.driver.CUdeviceptr;
import org.blockrecurrent.tensor.Shape;

/** A piece of device memory that the pool hands out again and again. */
final class DeviceBlock {
    private final DevicePointer pointer = new DevicePointer();
    private final long bytes;
    private Shape shape = Shape.of();

    DeviceBlock(long bytes) {
        this.bytes = bytes;
    }

    /** The address, which JCuda keeps to itself. */
    private static final class DevicePointer extends CUdeviceptr {
        long address() {
            return getNativePointer();
        }
    }

    /** For the driver's calls. */
    CUdeviceptr pointer() {
        return pointer;
    }

    long address() {
        return pointer.address();
    }

    long bytes() {
        return bytes;
    }

    /** What is in it at present, for messages. */
    Shape shape() {
        return shape;
    }

    DeviceBlock holding(Shape contents) {
        shape = contents;
        return this;
    }
}
