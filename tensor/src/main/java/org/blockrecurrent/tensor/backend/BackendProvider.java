package org.blockrecurrent.tensor.backend;

import org.blockrecurrent.tensor.Backend;

/** Makes a backend that is found by {@link java.util.ServiceLoader}; chosen by name, never silently. */
public interface BackendProvider {
    /** What {@code --device} calls it, such as {@code cuda}. */
    String device();

    /** Null if the device can be used, otherwise one line that says why not and what to do. */
    String unavailableBecause();

    /** Opens the backend. Throws {@link org.blockrecurrent.tensor.InvalidInputException} if it is unavailable. */
    Backend open();
}
