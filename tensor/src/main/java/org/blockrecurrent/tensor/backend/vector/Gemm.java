package org.blockrecurrent.tensor.backend.vector;

/**
 * A matrix product on one thread: register tiles over packed panels. {@code C (M, N) = A B}, or {@code += A B}.
 *
 * <p>A is read where it lies if it lies in rows; of Aᵀ strips are made first. B comes in panels (see {@link Panels}); C is row-major. A panel stays in the first-level cache while the tiles of a block of rows pass over it. The
 * inner extent is cut into blocks of fixed length whose sums are added in order: an element's bits depend on K and on the
 * form of the product, not on how rows and columns are shared out.
 */
final class Gemm {
    /** Of the tiles of all lanes. */
    private static final int LARGEST_HEIGHT = 12;

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

    /** Rows of a tile over A as it lies. */
    int height() {
        return height;
    }

    /** Rows of a tile over strips of Aᵀ. */
    int stripHeight() {
        return lanes.stripRows();
    }

    /** Elements of the scratch array that products need for the edges of C. */
    int edgeSize() {
        return width * LARGEST_HEIGHT;
    }

    /** Elements of the scratch array that {@link #multiplyTransposed} needs for strips of A. */
    int stripsSize(int M, int K, int kBlock) {
        return Strips.size(M, Math.min(K, kBlock), stripHeight());
    }

    /**
     * {@code a(m, k)} at {@code a0 + m·aRow + k}, {@code b(k, n)} at {@code b0 + (n / width)·bPanel + k·width + n % width},
     * {@code c(m, n)} at {@code c0 + m·cRow + n}. The inner extent is cut every {@code kBlock}.
     */
    void multiply(
            float[] a,
            int a0,
            int aRow,
            float[] b,
            int b0,
            int bPanel,
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
            for (int n = 0, panel = b0 + k * width; n < N; n += width, panel += bPanel) {
                int columns = Math.min(width, N - n);
                for (int m = 0; m < M; m += height) {
                    int rows = Math.min(height, M - m);
                    int from = a0 + m * aRow + k;
                    int to = c0 + m * cRow + n;
                    if (columns == width && !more) {
                        tile(a, from, aRow, b, panel, c, to, cRow, depth, rows);
                    } else {
                        tile(a, from, aRow, b, panel, edge, 0, width, depth, rows);
                        place(edge, c, to, cRow, rows, columns, more);
                    }
                }
            }
        }
    }

    /** As {@link #multiply} with {@code a(m, k)} at {@code a0 + m + k·aStep}, brought into strips block by block. */
    void multiplyTransposed(
            float[] a,
            int a0,
            int aStep,
            float[] b,
            int b0,
            int bPanel,
            float[] c,
            int c0,
            int cRow,
            int M,
            int N,
            int K,
            int kBlock,
            boolean add,
            float[] edge,
            float[] strips) {
        int stripHeight = stripHeight();
        if (K == 0 && !add) {
            clear(c, c0, cRow, M, N);
        }
        for (int k = 0; k < K; k += kBlock) {
            int depth = Math.min(kBlock, K - k);
            boolean more = add || k > 0;
            Strips.pack(lanes, strips, stripHeight, a, a0 + k * aStep, aStep, M, depth);
            for (int n = 0, panel = b0 + k * width; n < N; n += width, panel += bPanel) {
                int columns = Math.min(width, N - n);
                for (int m = 0; m < M; m += stripHeight) {
                    int rows = Math.min(stripHeight, M - m);
                    int to = c0 + m * cRow + n;
                    if (columns == width && !more) {
                        stripTile(strips, m * depth, b, panel, c, to, cRow, depth, rows);
                    } else {
                        stripTile(strips, m * depth, b, panel, edge, 0, width, depth, rows);
                        place(edge, c, to, cRow, rows, columns, more);
                    }
                }
            }
        }
    }

    private void tile(float[] a, int a0, int aRow, float[] b, int b0, float[] c, int c0, int cRow, int K, int rows) {
        int even = K & ~1;
        lanes.tile(a, a0, aRow, b, b0, c, c0, cRow, even, rows);
        if (even < K) {
            lanes.addOuterProduct(a, a0 + even, aRow, b, b0 + even * width, c, c0, cRow, rows);
        }
    }

    private void stripTile(float[] a, int a0, float[] b, int b0, float[] c, int c0, int cRow, int K, int rows) {
        int even = K & ~1;
        lanes.stripTile(a, a0, b, b0, c, c0, cRow, even, rows);
        if (even < K) {
            lanes.addOuterProduct(a, a0 + even * stripHeight(), 1, b, b0 + even * width, c, c0, cRow, rows);
        }
    }

    private void place(float[] edge, float[] c, int to, int cRow, int rows, int columns, boolean add) {
        if (columns == width && add) {
            lanes.addTile(c, to, cRow, edge, rows);
        } else {
            copyEdge(edge, c, to, cRow, rows, columns, add);
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
