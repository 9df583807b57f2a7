package org.blockrecurrent.vit.hub;

import org.blockrecurrent.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** A download did not succeed. The message names the address, says why, and what to do. */
public final class DownloadException extends InvalidInputException {
    private static final long serialVersionUID = 1L;
    private final int status;

    DownloadException(Object address, String problem, @Nullable Throwable cause) {
        super(address + ": " + problem, cause);
        status = 0;
    }

    DownloadException(Object address, int status, String problem) {
        super(address + ": " + problem);
        this.status = status;
    }

    /** The server's answer was that there is no such file. */
    boolean isNotFound() {
        return status == 404;
    }
}
