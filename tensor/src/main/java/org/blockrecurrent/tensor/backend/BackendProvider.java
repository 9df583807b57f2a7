package org.blockrecurrent.tensor.backend;

import java.util.List;
import org.blockrecurrent.tensor.Backend;

/** Makes a backend that is found by {@link java.util.ServiceLoader}; chosen by name, never silently. */
public interface BackendProvider {
    /** What {@code --device} calls it, such as {@code cuda}. */
    String device();

    /** Null if the device can be used, otherwise one line that says why not and what to do. */
    String unavailableBecause();

    /**
     * Opens the backend. Throws {@link org.blockrecurrent.tensor.InvalidInputException} if it is unavailable, or an option
     * is not one of its own.
     */
    Backend open(BackendOptions options);

    /** Opens the backend as the provider chooses. */
    default Backend open() {
        return open(BackendOptions.DEFAULTS);
    }

    /**
     * What {@code doctor} shows of a device that can be used, line by line: what it is, and how fast it is, measured now
     * through the backend, in a few seconds.
     */
    List<String> diagnose(BackendOptions options);
}
