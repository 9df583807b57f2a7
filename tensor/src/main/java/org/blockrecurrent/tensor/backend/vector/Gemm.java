package org.blockrecurrent.tensor.backend.vector;

/**
 * A matrix product on one thread: register tiles over packed panels. {@code C (M, N) = start + A B}.
 *
 * <p>A is read where it lies if it lies in rows; Aᵀ is brought into rows first. B comes in panels (see {@link Panels}); C is
 * row-major. A panel stays in the first-level cache while the tiles of a block of rows pass over it. The inner extent is cut into
 * blocks, each of which goes on where the one before it stopped: an element is one chain of fused multiply-adds, and its
 * bits do not depend on how rows, columns and the inner extent are cut.
 */
final class Gemm {
    private final Lanes lanes;
    private final Tile.Kernel kernel;
    private final int width;
    private final int height;

    Gemm(Lanes lanes) {
        this.lanes = lanes;
        width = lanes.panelWidth();
        height = lanes.tile().rows();
        kernel = lanes.tile().kernel();
    }

    int width() {
        return width;
    }

    /** Rows of a tile. */
    int height() {
        return height;
    }

    /** Elements of the scratch array that products need for the edge of C. */
    int edgeSize() {
        return width * height;
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
            Start start,
            float[] c,
            int c0,
            int cRow,
            int M,
            int N,
            int K,
            int kBlock,
            float[] edge) {
        Start from = start;
        int k = 0;
        do {
            int depth = Math.min(kBlock, K - k);
            block(a, a0 + k, aRow, b, b0 + k * width, bPanel, from, c, c0, cRow, M, N, depth, edge);
            from = Start.of(c, c0, cRow);
            k += depth;
        } while (k < K);
    }

    /** As {@link #multiply} with {@code a(m, k)} at {@code a0 + m + k·aStep}; {@code rows} is scratch of {@link TransposedRows#size}. */
    void multiplyTransposed(
            float[] a,
            int a0,
            int aStep,
            float[] b,
            int b0,
            int bPanel,
            Start start,
            float[] c,
            int c0,
            int cRow,
            int M,
            int N,
            int K,
            int kBlock,
            float[] edge,
            float[] rows) {
        Start from = start;
        int k = 0;
        do {
            int depth = Math.min(kBlock, K - k);
            TransposedRows.copy(lanes, rows, a, a0 + k * aStep, aStep, M, depth);
            int row = TransposedRows.row(depth);
            block(rows, 0, row, b, b0 + k * width, bPanel, from, c, c0, cRow, M, N, depth, edge);
            from = Start.of(c, c0, cRow);
            k += depth;
        } while (k < K);
    }

    private void block(
            float[] a,
            int a0,
            int aRow,
            float[] b,
            int b0,
            int bPanel,
            Start start,
            float[] c,
            int c0,
            int cRow,
            int M,
            int N,
            int K,
            float[] edge) {
        float[] s = start.values();
        int sRow = start.row();
        for (int n = 0, panel = b0; n < N; n += width, panel += bPanel) {
            int columns = Math.min(width, N - n);
            for (int m = 0; m < M; m += height) {
                int rows = Math.min(height, M - m);
                int at = start.at(m, n);
                int to = c0 + m * cRow + n;
                if (columns == width) {
                    tile(a, a0 + m * aRow, aRow, b, panel, s, at, sRow, c, to, cRow, K, rows);
                } else {
                    copy(edge, 0, width, s, at, sRow, rows, columns);
                    tile(a, a0 + m * aRow, aRow, b, panel, edge, 0, width, edge, 0, width, K, rows);
                    copy(c, to, cRow, edge, 0, width, rows, columns);
                }
            }
        }
    }

    private void tile(
            float[] a,
            int a0,
            int aRow,
            float[] b,
            int b0,
            float[] start,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int cRow,
            int K,
            int rows) {
        int even = K & ~1;
        kernel.run(a, a0, aRow, b, b0, start, s0, sRow, c, c0, cRow, even, rows);
        if (even < K) {
            lanes.addOuterProduct(a, a0 + even, aRow, b, b0 + even * width, c, c0, cRow, rows);
        }
    }

    private static void copy(
            float[] to, int to0, int toRow, float[] from, int from0, int fromRow, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(from, from0 + row * fromRow, to, to0 + row * toRow, columns);
        }
    }
}
