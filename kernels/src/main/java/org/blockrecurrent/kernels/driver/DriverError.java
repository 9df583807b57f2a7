package org.blockrecurrent.kernels.driver;

import java.util.Set;
import jcuda.driver.CUresult;

/** The driver's result codes that this product tells apart. */
final class DriverError {
    static final int OUT_OF_MEMORY = CUresult.CUDA_ERROR_OUT_OF_MEMORY;
    static final int STUB_LIBRARY = CUresult.CUDA_ERROR_STUB_LIBRARY;
    static final int DEVICE_UNAVAILABLE = CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE;
    static final int NO_DEVICE = CUresult.CUDA_ERROR_NO_DEVICE;
    static final int JIT_COMPILER_NOT_FOUND = CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND;
    static final int UNSUPPORTED_PTX_VERSION = CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION;

    /** After these every call on the context fails, until the process ends. */
    private static final Set<Integer> STICKY = Set.of(
            CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
            CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE,
            CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
            CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
            CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
            CUresult.CUDA_ERROR_ASSERT,
            CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
            CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
            CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
            CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
            CUresult.CUDA_ERROR_INVALID_PC,
            CUresult.CUDA_ERROR_LAUNCH_FAILED);

    private DriverError() {}

    static boolean isSticky(int result) {
        return STICKY.contains(result);
    }

    /** Such as {@code CUDA_ERROR_ILLEGAL_ADDRESS}. */
    static String name(int result) {
        return CUresult.stringFor(result);
    }
}
