package org.blockrecurrent.tensor.backend.vector;

/**
 * The left operand A (M, K) of a product where it comes as Aᵀ, arranged for a register tile: strips of {@code height} rows, each
 * strip K columns of {@code height} consecutive floats. The last strip is filled up with its last row.
 */
final class Strips {
    private Strips() {}

    /** Elements that strips of M rows and K columns take. */
    static int size(int M, int K, int height) {
        return Math.multiplyExact((M + height - 1) / height * height, K);
    }

    /** Writes all strips from {@code a(m, k) = a[a0 + m + k·aStep]}. */
    static void pack(Lanes lanes, float[] to, int height, float[] a, int a0, int aStep, int M, int K) {
        for (int m = 0, at = 0; m < M; m += height, at += height * K) {
            int rows = Math.min(height, M - m);
            if (rows == height) {
                lanes.gather(to, at, height, a, a0 + m, aStep, K);
            } else {
                partial(to, at, height, a, a0 + m, aStep, K, rows - 1);
            }
        }
    }

    private static void partial(float[] to, int at, int height, float[] a, int a0, int aStep, int K, int last) {
        for (int k = 0, from = a0, target = at; k < K; k++, from += aStep, target += height) {
            for (int row = 0; row < height; row++) {
                to[target + row] = a[from + Math.min(row, last)];
            }
        }
    }
}
