package org.blockrecurrent.tensor.backend.vector;

/**
 * One way to compute a register tile.
 *
 * @param name for people: rows x vectors x steps of k at a time
 * @param rows most rows of C: the height of a strip
 * @param kernel that computes it
 */
record Tile(String name, int rows, Kernel kernel) {

    /** Tiles take two steps of the inner extent at a time: A and B have a row of zeros behind an odd number of them. */
    static int even(int K) {
        return K + (K & 1);
    }

    /** {@code C (rows, panelWidth) = start + A B}. */
    @FunctionalInterface
    interface Kernel {
        /**
         * {@code a(i, k)} at {@code a0 + k·panelWidth + i}, {@code b(k, j)} at {@code b0 + k·panelWidth + j}, {@code start(i, j)} at {@code s0 +
         * i·sRow + j}; start may be C. The sum over k runs in order; K is even, 1 ≤ rows ≤ {@link Tile#rows}, and a has {@link Tile#rows}
         * elements for each k.
         */
        void run(
                float[] a,
                int a0,
                float[] b,
                int b0,
                float[] start,
                int s0,
                int sRow,
                float[] c,
                int c0,
                int cRow,
                int K,
                int rows);
    }
}
