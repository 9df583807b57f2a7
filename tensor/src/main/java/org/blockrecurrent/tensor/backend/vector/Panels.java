package org.blockrecurrent.tensor.backend.vector;

import java.util.Arrays;

/**
 * The right operand B (K, N) of a product, arranged so that a register tile reads it front to back: panels of {@code width}
 * columns, each panel K rows of {@code width} consecutive floats, the last one filled up with zeros.
 *
 * <p>For SwiGLU the columns are two sections (gate and up) that are padded each on its own, so that the panels of both
 * begin at the same column of their section.
 *
 * @param values the panels; panel p begins at {@code p · step}
 * @param width columns of a panel
 * @param step distance of two panels
 */
record Panels(Form form, float[] values, int width, int step) {
    /** Where B comes from. */
    enum Form {
        /** B = Wᵀ of a weight (N, K). */
        TRANSPOSED,
        /** As {@link #TRANSPOSED}, in two sections of N/2 columns. */
        TRANSPOSED_HALVES,
        /** B = W as it stands, (K, N). */
        PLAIN
    }

    /** Writes the values that were packed in the order of the weight; the panels are of a whole weight. */
    void unpack(float[] w) {
        int K = step / width;
        int N = w.length / Math.max(1, K);
        int sections = form == Form.TRANSPOSED_HALVES ? 2 : 1;
        int perSection = (N / sections + width - 1) / width;
        for (int n = 0; n < N; n++) {
            int inSection = n % (N / sections);
            int panel = n / (N / sections) * perSection + inSection / width;
            int from = panel * step + inSection % width;
            for (int k = 0; k < K; k++) {
                w[form == Form.PLAIN ? k * N + n : n * K + k] = values[from + k * width];
            }
        }
    }

    /** Fills the columns of one panel from {@code columns} on with zeros. */
    static void clearRest(float[] to, int at, int width, int columns, int K) {
        for (int row = at; columns < width && row < at + K * width; row += width) {
            Arrays.fill(to, row + columns, row + width, 0);
        }
    }

    /** Packs one panel from rows of B: {@code b(k, n) = w[w0 + k·wRow + n]}. */
    static void packPlain(Lanes lanes, float[] to, int at, int width, float[] w, int w0, int wRow, int columns, int K) {
        if (columns == width) {
            lanes.copyRows(to, at, w, w0, wRow, K);
            return;
        }
        for (int k = 0; k < K; k++) {
            int source = w0 + k * wRow;
            int target = at + k * width;
            for (int j = 0; j < columns; j++) {
                to[target + j] = w[source + j];
            }
            for (int j = columns; j < width; j++) {
                to[target + j] = 0;
            }
        }
    }
}
