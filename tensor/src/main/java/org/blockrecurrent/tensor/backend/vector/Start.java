package org.blockrecurrent.tensor.backend.vector;

/**
 * What the sums of a product begin with: {@code start(m, n)} at {@code from + m·row + n·column}.
 *
 * @param column 1, or 0 if a panel's values are those of every panel
 */
record Start(float[] values, int from, int row, int column) {
    private static final int WIDEST_PANEL = 64;

    /** {@code C = A B}. */
    static final Start NOTHING = new Start(new float[WIDEST_PANEL], 0, 0, 0);

    /** {@code C = bias + A B}; the bias of the first column at {@code from}. */
    static Start bias(float[] bias, int from) {
        return bias == null ? NOTHING : new Start(bias, from, 0, 1);
    }

    /** {@code C += A B}. */
    static Start of(float[] c, int c0, int cRow) {
        return new Start(c, c0, cRow, 1);
    }

    int at(int m, int n) {
        return from + m * row + n * column;
    }
}
