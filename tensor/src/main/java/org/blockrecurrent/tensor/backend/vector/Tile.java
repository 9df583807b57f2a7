package org.blockrecurrent.tensor.backend.vector;

/**
 * One way to compute a register tile.
 *
 * @param name for people: rows x vectors x steps of k at a time
 * @param rows most rows of C
 * @param kernel that computes it
 */
record Tile(String name, int rows, Kernel kernel) {

    /** {@code C (rows, panelWidth) = A B}. */
    @FunctionalInterface
    interface Kernel {
        /**
         * {@code b(k, j)} at {@code b0 + k·panelWidth + j}; {@code a(i, k)} at {@code a0 + i·aRow + k} for a tile over rows, and at
         * {@code a0 + k·height + i} for one over strips, which takes no notice of {@code aRow}. K is even, 1 ≤ rows ≤ height.
         */
        void run(float[] a, int a0, int aRow, float[] b, int b0, float[] c, int c0, int cRow, int K, int rows);
    }
}
