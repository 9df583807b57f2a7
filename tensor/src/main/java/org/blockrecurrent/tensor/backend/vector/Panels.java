package org.blockrecurrent.tensor.backend.vector;

import java.util.Arrays;

/**
 * The right operand B (K, N) of a product, arranged so that a register tile reads it front to back: panels of {@code width}
 * columns, each panel K rows of {@code width} consecutive floats, the last one filled up with zeros.
 *
 * <p>For SwiGLU the columns are two sections (gate and up) that are padded each on its own, so that the panels of both
 * begin at the same column of their section.
 *
 * @param values the panels, one after another
 * @param width columns of a panel
 * @param K rows of B; where they are odd in number, a row of zeros follows
 */
record Panels(Form form, float[] values, int width, int K) {
    /** Where B comes from. */
    enum Form {
        /** B = Wᵀ of a weight (N, K). */
        TRANSPOSED,
        /** As {@link #TRANSPOSED}, in two sections of N/2 columns. */
        TRANSPOSED_HALVES,
        /** B = W as it stands, (K, N). */
        PLAIN
    }

    /** Where that row of a panel begins. */
    int at(int panel, int k) {
        return panel * step() + k * width;
    }

    /** Distance of two panels. */
    int step() {
        return step(width, K);
    }

    static int step(int width, int K) {
        return Math.multiplyExact(width, Tile.even(K));
    }

    /** Writes the values that were packed in the order of the weight; the panels are of a whole weight. */
    void unpack(float[] w) {
        int N = w.length / Math.max(1, K);
        int sections = form == Form.TRANSPOSED_HALVES ? 2 : 1;
        int perSection = (N / sections + width - 1) / width;
        for (int n = 0; n < N; n++) {
            int inSection = n % (N / sections);
            int panel = n / (N / sections) * perSection + inSection / width;
            int from = at(panel, 0) + inSection % width;
            for (int k = 0; k < K; k++) {
                w[form == Form.PLAIN ? k * N + n : n * K + k] = values[from + k * width];
            }
        }
    }

    /** Fills with zeros what a panel has right of its columns and below its K rows. */
    private static void clearRest(float[] to, int at, int width, int columns, int K) {
        for (int row = at; columns < width && row < at + K * width; row += width) {
            Arrays.fill(to, row + columns, row + width, 0);
        }
        Arrays.fill(to, at + K * width, at + step(width, K), 0);
    }

    /** Packs one panel from {@code w (N, K)}: {@code b(k, n) = w[w0 + n·wRow + k]}. */
    static void packTransposed(
            Lanes lanes, float[] to, int at, int width, float[] w, int w0, int wRow, int columns, int K) {
        lanes.toColumns(to, at, w, w0, wRow, columns, K);
        clearRest(to, at, width, columns, K);
    }

    /** Packs one panel from rows of B: {@code b(k, n) = w[w0 + k·wRow + n]}. */
    static void packPlain(Lanes lanes, float[] to, int at, int width, float[] w, int w0, int wRow, int columns, int K) {
        if (columns == width) {
            lanes.copyRows(to, at, w, w0, wRow, K);
        } else {
            for (int k = 0; k < K; k++) {
                System.arraycopy(w, w0 + k * wRow, to, at + k * width, columns);
            }
        }
        clearRest(to, at, width, columns, K);
    }
}
