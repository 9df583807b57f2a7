package org.blockrecurrent.benchmarks.peers;

import org.blockrecurrent.tensor.InvalidInputException;

/** A peer cannot be started, has ended, does not answer, or computes something else. */
public final class PeerException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    public PeerException(String message) {
        super(message);
    }

    public PeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
