package org.blockrecurrent.tensor.backend.vector;

/**
 * Private scratch arrays of one team member, kept from one operation to the next and grown when an operation needs more.
 * Contents are arbitrary.
 */
final class Workspace {
    private final float[][] slots = new float[9][];
    private final Strips strips = new Strips(this);
    private long grown;

    /** The left operand of a product. */
    Strips strips() {
        return strips;
    }

    /** The elements of {@link #strips}. */
    float[] left(int length) {
        return get(7, length);
    }

    /** For the edge of a product's result. */
    float[] edge(int length) {
        return get(8, length);
    }

    /** At least {@code length} elements under a number (0 … 6) that the operation gives its array. */
    float[] get(int slot, int length) {
        if (slots[slot] == null || slots[slot].length < length) {
            slots[slot] = new float[length];
            grown++;
        }
        return slots[slot];
    }

    /** Number of arrays allocated so far. */
    long grown() {
        return grown;
    }
}
