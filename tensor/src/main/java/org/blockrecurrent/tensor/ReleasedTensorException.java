package org.blockrecurrent.tensor;

/** A tensor was used after its scope had closed, or after backpropagation had consumed it. */
public final class ReleasedTensorException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public ReleasedTensorException(String message) {
        super(message);
    }
}
