package org.blockrecurrent.kernels.driver;

/**
 * The driver, or cuBLAS, refused a call, which points to a mistake in this product: what a user can cause has exceptions of
 * its own.
 */
public class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    CudaException(String message, int code) {
        super(message);
        this.code = code;
    }

    /** The result code: a {@code CUresult}, or a {@code cublasStatus}. */
    public int code() {
        return code;
    }
}
