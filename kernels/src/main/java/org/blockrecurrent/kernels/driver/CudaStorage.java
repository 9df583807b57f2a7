package org.blockrecurrent.kernels.driver;

import jcuda.driver.CUdeviceptr;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Storage;

/** Floats in device memory, 256-byte aligned. Without an element there is no memory either, and the address is 0. */
public final class CudaStorage extends Storage {
    private final CudaLauncher cuda;
    private final DeviceBlock block;

    CudaStorage(CudaLauncher cuda, Shape shape) {
        super(shape.size());
        this.cuda = cuda;
        block = shape.size() == 0 ? null : cuda.pool().take(shape);
    }

    boolean isOf(CudaLauncher other) {
        return cuda == other;
    }

    /** Where the first element is, for kernels. */
    public long address() {
        requireLive();
        return block == null ? 0 : block.address();
    }

    /** Where the first element is, for JCuda. */
    public CUdeviceptr pointer() {
        requireLive();
        return block == null ? new CUdeviceptr() : block.pointer();
    }

    @Override
    protected void free() {
        if (block != null) {
            cuda.pool().give(block);
        }
    }
}
