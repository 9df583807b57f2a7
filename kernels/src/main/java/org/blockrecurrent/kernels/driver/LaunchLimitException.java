package org.blockrecurrent.kernels.driver;

import org.blockrecurrent.tensor.InvalidInputException;

/** Tensors so large, or so shaped, that a kernel's grid or shared memory for them exceeds what the device can launch. */
public final class LaunchLimitException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    LaunchLimitException(String message) {
        super(message);
    }
}
