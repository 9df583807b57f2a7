package org.blockrecurrent.tensor.backend.vector;

/**
 * Brings a matrix that comes as Aᵀ (K, M) into the rows of A (M, K) that register tiles read. Goes by way of a buffer of panel
 * width: with a distance that the compiler knows it checks indices once, not for every element.
 */
final class TransposedRows {
    /** Between two rows, so that those of a tile do not meet in the same set of a cache. */
    private static final int GAP = 16;
    /** Rows of the buffer. */
    private static final int STEPS = 64;

    private TransposedRows() {}

    /** Distance of two rows of K columns. */
    static int row(int K) {
        return K + GAP;
    }

    /** Elements that M rows of K columns and the buffer take. */
    static int size(int M, int K, int panelWidth) {
        return Math.addExact(Math.multiplyExact(M, row(K)), STEPS * panelWidth);
    }

    /** {@code to[m·row(K) + k] = a[a0 + m + k·aStep]}. */
    static void copy(Lanes lanes, float[] to, float[] a, int a0, int aStep, int M, int K) {
        int row = row(K);
        int width = lanes.panelWidth();
        int buffer = M * row;
        int whole = M - M % width;
        for (int k = 0; k < K; k += STEPS) {
            int steps = Math.min(STEPS, K - k);
            for (int m = 0; m < whole; m += width) {
                lanes.gather(to, buffer, width, a, a0 + m + k * aStep, aStep, steps);
                lanes.toRows(to, m * row + k, row, to, buffer, width, steps);
            }
        }
        for (int m = whole; m < M; m++) {
            for (int k = 0; k < K; k++) {
                to[m * row + k] = a[a0 + m + k * aStep];
            }
        }
    }
}
