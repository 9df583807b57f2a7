package org.blockrecurrent.kernels.driver;

import org.blockrecurrent.tensor.InvalidInputException;

/** The device has no memory left for a tensor. Nothing was changed: once others are released, the backend goes on. */
public final class OutOfDeviceMemoryException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    OutOfDeviceMemoryException(String message) {
        super(message);
    }
}
