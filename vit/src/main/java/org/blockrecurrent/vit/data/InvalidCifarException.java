package org.blockrecurrent.vit.data;

import org.blockrecurrent.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** A CIFAR file that is not what it says it is. */
public final class InvalidCifarException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    InvalidCifarException(String file, String why, String remedy, @Nullable Throwable cause) {
        super(file + ": " + why + "; " + remedy, cause);
    }
}
