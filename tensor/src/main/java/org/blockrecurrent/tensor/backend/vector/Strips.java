package org.blockrecurrent.tensor.backend.vector;

import java.util.Arrays;

/**
 * The left operand A (M, K) of a product, arranged as register tiles read it: strips of as many rows as a tile has, the rows of a strip
 * beside one another for each k. As many strips as find room lie side by side in a panel, as wide as those of B (see {@link Panels}), so
 * that one index leads through both. What lies beyond the last row is arbitrary.
 *
 * <p>A member of the team has one, which holds what was last brought into it: a step allocates nothing.
 */
final class Strips {
    private final Workspace workspace;
    private float[] values;
    private int M;
    private int K;
    private int panelRows;
    private int panel;

    Strips(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Takes rows: {@code a(m, k) = from[from0 + m·row + k]}. */
    Strips ofRows(Lanes lanes, float[] from, int from0, int row, int M, int K) {
        resize(lanes, M, K);
        for (int m = 0, at = 0; m < M; m += panelRows, at += panel) {
            lanes.toColumns(values, at, from, from0 + m * row, row, Math.min(panelRows, M - m), K);
        }
        return this;
    }

    /** Takes Aᵀ: {@code a(m, k) = from[from0 + m + k·step]}. */
    Strips ofColumns(Lanes lanes, float[] from, int from0, int step, int M, int K) {
        resize(lanes, M, K);
        int width = lanes.panelWidth();
        for (int m = 0, at = 0; m < M; m += panelRows, at += panel) {
            int first = from0 + m;
            int inBounds = from.length < first + width ? 0 : (from.length - first - width) / step + 1;
            int whole = Math.min(K, inBounds);
            lanes.copyRows(values, at, from, first, step, whole);
            for (int k = whole; k < K; k++) {
                System.arraycopy(from, first + k * step, values, at + k * width, Math.min(panelRows, M - m));
            }
        }
        return this;
    }

    private void resize(Lanes lanes, int M, int K) {
        this.M = M;
        this.K = K;
        int width = lanes.panelWidth();
        int height = lanes.tile().rows();
        panelRows = width / height * height;
        panel = Panels.step(width, K);
        int panels = (M + panelRows - 1) / panelRows;
        values = workspace.left(Math.multiplyExact(panels, panel));
        for (int at = 0; at < panels * panel; at += panel) {
            Arrays.fill(values, at + K * width, at + panel, 0);
        }
    }

    /** The panels, one after another. */
    float[] values() {
        return values;
    }

    int M() {
        return M;
    }

    int K() {
        return K;
    }

    /** Rows of A in a panel. */
    int panelRows() {
        return panelRows;
    }

    /** Elements of a panel. */
    int panel() {
        return panel;
    }
}
