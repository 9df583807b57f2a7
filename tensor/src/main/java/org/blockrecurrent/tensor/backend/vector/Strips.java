package org.blockrecurrent.tensor.backend.vector;

import java.util.Arrays;

/**
 * The left operand A (M, K) of a product, arranged as register tiles read it: strips of as many rows as a tile has, the rows of a strip
 * beside one another for each k. As many strips as find room lie side by side in a panel, as wide as those of B (see {@link Panels}), so
 * that one index leads through both. What lies beyond the last row is arbitrary.
 *
 * @param values the panels, one after another
 * @param panelRows rows of A in a panel
 * @param panel elements of a panel
 */
record Strips(float[] values, int M, int K, int panelRows, int panel) {

    /** From rows: {@code a(m, k) = from[from0 + m·row + k]}. */
    static Strips ofRows(Lanes lanes, Workspace workspace, float[] from, int from0, int row, int M, int K) {
        Strips strips = empty(lanes, workspace, M, K);
        int rows = strips.panelRows;
        for (int m = 0, at = 0; m < M; m += rows, at += strips.panel) {
            lanes.toColumns(strips.values, at, from, from0 + m * row, row, Math.min(rows, M - m), K);
        }
        return strips;
    }

    /** From Aᵀ: {@code a(m, k) = from[from0 + m + k·step]}. */
    static Strips ofColumns(Lanes lanes, Workspace workspace, float[] from, int from0, int step, int M, int K) {
        Strips strips = empty(lanes, workspace, M, K);
        int width = lanes.panelWidth();
        int rows = strips.panelRows;
        for (int m = 0, at = 0; m < M; m += rows, at += strips.panel) {
            int first = from0 + m;
            int inBounds = from.length < first + width ? 0 : (from.length - first - width) / step + 1;
            int whole = Math.min(K, inBounds);
            lanes.copyRows(strips.values, at, from, first, step, whole);
            for (int k = whole; k < K; k++) {
                System.arraycopy(from, first + k * step, strips.values, at + k * width, Math.min(rows, M - m));
            }
        }
        return strips;
    }

    private static Strips empty(Lanes lanes, Workspace workspace, int M, int K) {
        int height = lanes.tile().rows();
        int rows = lanes.panelWidth() / height * height;
        int panel = Panels.step(lanes.panelWidth(), K);
        int panels = (M + rows - 1) / rows;
        float[] values = workspace.strips(Math.multiplyExact(panels, panel));
        for (int at = 0; at < panels * panel; at += panel) {
            Arrays.fill(values, at + K * lanes.panelWidth(), at + panel, 0);
        }
        return new Strips(values, M, K, rows, panel);
    }
}
