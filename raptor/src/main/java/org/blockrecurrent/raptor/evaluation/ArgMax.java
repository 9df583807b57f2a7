package org.blockrecurrent.raptor.evaluation;

/** The class with the largest logit; the first of equal ones. */
public final class ArgMax {
    private ArgMax() {}

    /** Of each row of {@code columns} values. */
    public static int[] ofRows(float[] values, int columns) {
        int[] best = new int[values.length / columns];
        for (int row = 0; row < best.length; row++) {
            for (int column = 1; column < columns; column++) {
                if (values[row * columns + column] > values[row * columns + best[row]]) {
                    best[row] = column;
                }
            }
        }
        return best;
    }
}
