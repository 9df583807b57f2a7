package org.blockrecurrent.tensor;

/**
 * Something a user gave (a file, an option, a shape) cannot be used. The message names it, says why, and says how to
 * mend it; the command line prints just that message.
 */
public class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
