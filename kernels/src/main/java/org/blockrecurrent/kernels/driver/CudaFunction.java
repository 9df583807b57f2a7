package org.blockrecurrent.kernels.driver;

import jcuda.driver.CUfunction;

/** A kernel of a loaded module. */
final class CudaFunction {
    private final CUfunction handle;
    private final KernelSignature signature;
    private int sharedBytes;

    CudaFunction(CUfunction handle, KernelSignature signature) {
        this.handle = handle;
        this.signature = signature;
    }

    CUfunction handle() {
        return handle;
    }

    KernelSignature signature() {
        return signature;
    }

    /** Raises the limit on dynamic shared memory if a launch needs more than any before it: 48 KiB are granted unasked. */
    void allowShared(int bytes, CudaDriver driver) {
        if (bytes > sharedBytes) {
            driver.funcSetMaxDynamicSharedBytes(handle, bytes, signature.function());
            sharedBytes = bytes;
        }
    }
}
