package org.blockrecurrent.tensor.backend.vector;

import java.util.Arrays;

/**
 * Sums over rows: {@code y (G, S) = Σ} over the rows of each group of {@code a}, or of {@code a ⊙ b}.
 *
 * <p>Rows are taken in parts whose number follows from the shape alone, each part summed in order, and the parts added in
 * order: the result does not depend on the threads, and its error grows with part length plus number of parts only.
 */
final class ColumnSums {
    private static final int PART_ROWS = 64;

    private ColumnSums() {}

    static void sum(Resources resources, float[] y, boolean add, int groups, int rows, int S, float[] a, float[] b) {
        int parts = Math.max(1, (rows + PART_ROWS - 1) / PART_ROWS);
        float[] partial = resources.pool().take(groups * parts * S);
        long work = 64L * groups * rows * S;
        resources.chunks(groups * parts, work, (chunk, member) -> {
            int from = chunk % parts * PART_ROWS;
            int start = (chunk / parts * rows + from) * S;
            part(resources.lanes(), partial, chunk * S, a, b, start, Math.min(PART_ROWS, rows - from), S);
        });
        for (int group = 0; group < groups; group++) {
            collect(resources.lanes(), y, group * S, add, partial, group * parts * S, parts, S);
        }
        resources.pool().give(partial);
    }

    private static void part(Lanes lanes, float[] sums, int at, float[] a, float[] b, int start, int rows, int S) {
        Arrays.fill(sums, at, at + S, 0);
        for (int row = 0; row < rows; row++) {
            if (b == null) {
                lanes.add(sums, at, sums, at, a, start + row * S, S);
            } else {
                lanes.multiply(sums, at, a, start + row * S, b, start + row * S, S, true);
            }
        }
    }

    /** {@code y = (y +) Σ parts}. */
    static void collect(Lanes lanes, float[] y, int y0, boolean add, float[] partial, int from, int parts, int S) {
        for (int part = 1; part < parts; part++) {
            lanes.add(partial, from, partial, from, partial, from + part * S, S);
        }
        lanes.scale(y, y0, partial, from, 1, S, add);
    }
}
