package org.blockrecurrent.tensor;

/** Shapes do not fit together. The message shows both. */
public final class ShapeException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    public ShapeException(String message) {
        super(message);
    }
}
