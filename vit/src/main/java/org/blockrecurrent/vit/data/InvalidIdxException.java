package org.blockrecurrent.vit.data;

import org.blockrecurrent.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** An IDX file that is not what it says it is. */
public final class InvalidIdxException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    InvalidIdxException(String file, String why, String remedy) {
        super(file + ": " + why + "; " + remedy);
    }

    InvalidIdxException(String file, String why, String remedy, @Nullable Throwable cause) {
        super(file + ": " + why + "; " + remedy, cause);
    }
}
