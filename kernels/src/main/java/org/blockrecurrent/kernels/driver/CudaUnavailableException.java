package org.blockrecurrent.kernels.driver;

import org.blockrecurrent.tensor.InvalidInputException;

/** CUDA cannot be used on this machine. The message says why and what to do. */
public final class CudaUnavailableException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    CudaUnavailableException(String message) {
        super(message);
    }
}
