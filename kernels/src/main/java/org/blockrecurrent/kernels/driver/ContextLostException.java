package org.blockrecurrent.kernels.driver;

/**
 * A kernel or the hardware failed in a way that the driver does not recover from: every later call of this process on
 * the device fails alike. The message says what failed first.
 */
public final class ContextLostException extends CudaException {
    private static final long serialVersionUID = 1L;

    ContextLostException(String message, int code) {
        super(message, code);
    }
}
