package org.blockrecurrent.benchmarks.peers;

import org.blockrecurrent.tensor.InvalidInputException;

/** A peer cannot do a work, by its nature; the comparison goes on without it. */
public final class UnsupportedWorkException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    /** @param reason what the peer can do, or what it would need */
    public UnsupportedWorkException(String reason) {
        super(reason);
    }
}
