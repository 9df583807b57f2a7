package org.blockrecurrent.tensor.backend.vector;

/**
 * A matrix product on one thread: register tiles over packed operands. {@code C (M, N) = start + A B}.
 *
 * <p>A comes in {@link Strips}, B in {@link Panels}; C is row-major. A panel passes over all strips before the next one follows. Callers
 * may cut the inner extent at even places, and let each product go on where the one before it stopped: an element is one chain of fused
 * multiply-adds, and its bits do not depend on how rows, columns and the inner extent are cut.
 */
final class Gemm {
    private final Tile.Kernel kernel;
    private final int width;
    private final int height;

    Gemm(Lanes lanes) {
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
        float[] left = a.values();
        int K = Tile.even(a.K());
        float[] s = start.values();
        int sRow = start.row();
        float[] edge = workspace.edge(width * height);
        for (int n = 0, panel = b0; n < N; n += width, panel += bPanel) {
            int columns = Math.min(width, N - n);
            for (int m = 0, first = 0; m < a.M(); first += a.panel()) {
                int end = Math.min(a.M(), m + a.panelRows());
                for (int strip = first; m < end; m += height, strip += height) {
                    int rows = Math.min(height, end - m);
                    int at = start.at(m, n);
                    int to = c0 + m * cRow + n;
                    if (columns == width) {
                        kernel.run(left, strip, b, panel, s, at, sRow, c, to, cRow, K, rows);
                    } else {
                        copy(edge, 0, width, s, at, sRow, rows, columns);
                        kernel.run(left, strip, b, panel, edge, 0, width, edge, 0, width, K, rows);
                        copy(c, to, cRow, edge, 0, width, rows, columns);
                    }
                }
            }
        }
    }

    private static void copy(
            float[] to, int to0, int toRow, float[] from, int from0, int fromRow, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(from, from0 + row * fromRow, to, to0 + row * toRow, columns);
        }
    }
}
