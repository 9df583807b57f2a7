package org.blockrecurrent.raptor.phases;

import org.blockrecurrent.tensor.InvalidInputException;

/**
 * A run of consecutive layers, counted from 1, both ends included.
 *
 * @param first its first layer
 * @param last its last layer
 */
public record Phase(int first, int last) {

    public Phase {
        if (first < 1 || last < first) {
            throw new InvalidInputException("a phase is a run of layers from 1 upwards, got " + first + " to " + last);
        }
    }

    /** Number of layers: how often the block is applied. */
    public int length() {
        return last - first + 1;
    }

    public boolean contains(int layer) {
        return first <= layer && layer <= last;
    }

    /** {@code 5–8}, or {@code 5} for a single layer. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "–" + last;
    }
}
