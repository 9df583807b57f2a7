package org.blockrecurrent.benchmarks.workload;

import org.blockrecurrent.tensor.InvalidInputException;

/** What is timed. */
public enum Pass {
    /** The frozen block, as in inference: nothing is recorded. */
    FORWARD("forward"),
    /** With the gradients of every parameter and of the input, as in a training step without its optimizer. */
    FORWARD_AND_BACKWARD("forward+backward");

    private final String label;

    Pass(String label) {
        this.label = label;
    }

    public static Pass of(String label) {
        for (Pass pass : values()) {
            if (pass.label.equals(label)) {
                return pass;
            }
        }
        throw new InvalidInputException("mode " + label + " is unknown; choose forward or forward+backward");
    }
}
