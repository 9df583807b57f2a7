package org.blockrecurrent.tensor.backend.vector;

/** Brings a matrix that comes as Aᵀ (K, M) into the rows of A (M, K) that register tiles read. */
final class TransposedRows {
    /** Between two rows, so that those of a tile do not meet in the same set of a cache. */
    private static final int GAP = 16;
    /** Steps of k that are copied for {@link #ROWS} rows before the next: they find the cache lines of Aᵀ in the first-level cache. */
    private static final int STEPS = 64;

    private static final int ROWS = 16;

    private TransposedRows() {}

    /** Distance of two rows of K columns. */
    static int row(int K) {
        return K + GAP;
    }

    /** Elements that M rows of K columns take. */
    static int size(int M, int K) {
        return Math.multiplyExact(M, row(K));
    }

    /** {@code to[m·row(K) + k] = a[a0 + m + k·aStep]}. */
    static void copy(float[] to, float[] a, int a0, int aStep, int M, int K) {
        int row = row(K);
        for (int m0 = 0; m0 < M; m0 += ROWS) {
            int m1 = Math.min(M, m0 + ROWS);
            for (int k0 = 0; k0 < K; k0 += STEPS) {
                int k1 = Math.min(K, k0 + STEPS);
                for (int m = m0; m < m1; m++) {
                    int source = a0 + m;
                    int target = m * row;
                    for (int k = k0; k < k1; k++) {
                        to[target + k] = a[source + k * aStep];
                    }
                }
            }
        }
    }
}
