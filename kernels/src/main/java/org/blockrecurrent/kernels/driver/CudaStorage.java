package org.blockrecurrent.kernels.driver;

import org.blockrecurrent.tensor.Storage;

/** Floats in device memory. */
public final class CudaStorage extends Storage {
    CudaStorage(int size) {
        super(size);
    }

    @Override
    protected void free() {
        throw new UnsupportedOperationException("the driver layer is not written yet");
    }
}
