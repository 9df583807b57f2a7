package org.blockrecurrent.tensor.backend.vector;

/**
 * A matrix product on one thread: register tiles over packed panels. {@code C (M, N) = A B}, or {@code += A B}.
 *
 * <p>A is read where it lies, with any two strides, so that one kernel serves A and Aᵀ; B comes in panels (see {@link
 * Panels}); C is row-major. A panel stays in the first-level cache while the tiles of a block of rows pass over it. The
 * inner extent is cut into blocks of fixed length whose sums are added in order: an element's bits depend on K and on the
 * form of the product, not on how rows and columns are shared out.
 */
final class Gemm {
    private final Lanes lanes;
    private final int width;
    private final int height;

    Gemm(Lanes lanes) {
        this.lanes = lanes;
        width = lanes.panelWidth();
        height = lanes.tileRows();
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Elements of the scratch array that {@link #multiply} needs. */
    int edgeSize() {
        return width * height;
    }

    /**
     * {@code a(m, k)} at {@code a0 + m·aRow + k·aStep}, {@code b(k, n)} at {@code b0 + (n / width)·bPanel + k·bRow + n % width},
     * {@code c(m, n)} at {@code c0 + m·cRow + n}. The inner extent is cut every {@code kBlock}.
     */
    void multiply(
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bPanel,
            int bRow,
            float[] c,
            int c0,
            int cRow,
            int M,
            int N,
            int K,
            int kBlock,
            boolean add,
            float[] edge) {
        if (K == 0 && !add) {
            clear(c, c0, cRow, M, N);
        }
        for (int k = 0; k < K; k += kBlock) {
            int depth = Math.min(kBlock, K - k);
            boolean more = add || k > 0;
            for (int n = 0, panel = b0 + k * bRow; n < N; n += width, panel += bPanel) {
                int columns = Math.min(width, N - n);
                column(a, a0 + k * aStep, aRow, aStep, b, panel, bRow, c, c0 + n, cRow, M, columns, depth, more, edge);
            }
        }
    }

    private void column(
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bRow,
            float[] c,
            int c0,
            int cRow,
            int M,
            int columns,
            int K,
            boolean add,
            float[] edge) {
        for (int m = 0; m < M; m += height) {
            int rows = Math.min(height, M - m);
            int from = a0 + m * aRow;
            int to = c0 + m * cRow;
            if (columns == width && !add) {
                tile(a, from, aRow, aStep, b, b0, bRow, c, to, cRow, K, rows);
            } else {
                tile(a, from, aRow, aStep, b, b0, bRow, edge, 0, width, K, rows);
                if (columns == width) {
                    lanes.addTile(c, to, cRow, edge, rows);
                } else {
                    copyEdge(edge, c, to, cRow, rows, columns, add);
                }
            }
        }
    }

    private void tile(
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bRow,
            float[] c,
            int c0,
            int cRow,
            int K,
            int rows) {
        int even = K & ~1;
        lanes.tile(a, a0, aRow, aStep, b, b0, bRow, c, c0, cRow, even, rows);
        if (even < K) {
            lanes.addOuterProduct(a, a0 + even * aStep, aRow, b, b0 + even * bRow, c, c0, cRow, rows);
        }
    }

    private void copyEdge(float[] edge, float[] c, int c0, int cRow, int rows, int columns, boolean add) {
        for (int row = 0; row < rows; row++) {
            int from = row * width;
            int to = c0 + row * cRow;
            for (int j = 0; j < columns; j++) {
                c[to + j] = add ? c[to + j] + edge[from + j] : edge[from + j];
            }
        }
    }

    private static void clear(float[] c, int c0, int cRow, int M, int N) {
        for (int m = 0; m < M; m++) {
            java.util.Arrays.fill(c, c0 + m * cRow, c0 + m * cRow + N, 0);
        }
    }
}
