package org.blockrecurrent.tensor.nn;

import org.blockrecurrent.tensor.Tensor;

/**
 * Observes named values of a forward pass as they are computed. What is seen belongs to the current scope: keep it, or
 * read it at once.
 */
@FunctionalInterface
public interface Trace {
    /** Observes nothing and costs nothing. */
    Trace NONE = (name, value) -> {};

    void see(String name, Tensor value);

    /** True if anyone looks: values that exist for observation only are computed just then. */
    default boolean looks() {
        return this != NONE;
    }
}
