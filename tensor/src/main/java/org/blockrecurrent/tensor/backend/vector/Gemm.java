package org.blockrecurrent.tensor.backend.vector;

/**
 * A matrix product on one thread: register tiles over packed operands. {@code C (M, N) = start + A B}.
 *
 * <p>A comes in {@link Strips}, B in {@link Panels}; C is row-major. A panel passes over all strips before the next one follows. Callers may cut
 * the inner extent, and let each product go on where the one before it stopped: an element is one chain of fused multiply-adds, and
 * its bits do not depend on how rows, columns and the inner extent are cut.
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

    /**
     * {@code b(k, n)} at {@code b0 + (n / width)·bPanel + k·width + n % width}, {@code c(m, n)} at {@code c0 + m·cRow + n}; M and K are those
     * of the strips.
     */
    void multiply(
            Strips a,
            float[] b,
            int b0,
            int bPanel,
            Start start,
            float[] c,
            int c0,
            int cRow,
            int N,
            Workspace workspace) {
        float[] s = start.values();
        int sRow = start.row();
        float[] edge = workspace.edge(width * height);
        for (int n = 0, panel = b0; n < N; n += width, panel += bPanel) {
            int columns = Math.min(width, N - n);
            for (int m = 0, left = 0; m < a.M(); left += a.panel()) {
                int end = Math.min(a.M(), m + a.panelRows());
                for (int strip = left; m < end; m += height, strip += height) {
                    int rows = Math.min(height, end - m);
                    int at = start.at(m, n);
                    int to = c0 + m * cRow + n;
                    if (columns == width) {
                        tile(a, strip, b, panel, s, at, sRow, c, to, cRow, rows);
                    } else {
                        copy(edge, 0, width, s, at, sRow, rows, columns);
                        tile(a, strip, b, panel, edge, 0, width, edge, 0, width, rows);
                        copy(c, to, cRow, edge, 0, width, rows, columns);
                    }
                }
            }
        }
    }

    private void tile(
            Strips a,
            int a0,
            float[] b,
            int b0,
            float[] start,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int cRow,
            int rows) {
        int even = a.K() & ~1;
        kernel.run(a.values(), a0, b, b0, start, s0, sRow, c, c0, cRow, even, rows);
        if (even < a.K()) {
            int last = even * width;
            lanes.addOuterProduct(a.values(), a0 + last, b, b0 + last, c, c0, cRow, rows);
        }
    }

    private static void copy(
            float[] to, int to0, int toRow, float[] from, int from0, int fromRow, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(from, from0 + row * fromRow, to, to0 + row * toRow, columns);
        }
    }
}
