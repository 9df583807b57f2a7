package org.blockrecurrent.kernels.driver;

import jcuda.driver.CUfunction;

/** A kernel of a loaded module. */
final class CudaFunction {
    /** What a kernel may use of dynamic shared memory without asking for more. */
    private static final int GRANTED_SHARED_BYTES = 48 * 1024;

    private final CUfunction handle;
    private final KernelSignature signature;
    private int sharedBytes = GRANTED_SHARED_BYTES;

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

    /** Raises the limit on dynamic shared memory if a launch needs more than any before it. */
    void allowShared(int bytes, CudaDriver driver) {
        if (bytes > sharedBytes) {
            driver.funcSetMaxDynamicSharedBytes(handle, bytes);
            sharedBytes = bytes;
        }
    }
}
