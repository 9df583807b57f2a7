package org.blockrecurrent.tensor.backend.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SimdRowTiles} for A in strips ({@link Strips}): the values of a step of k lie side by side. For the gradient of a weight, where
 * A comes transposed.
 */
final class SimdStripTiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int V = S.length();
    private static final int PANEL = 2 * V;

    private SimdStripTiles() {}

    /** 6 rows by two vectors. */
    static void tile6x1(float[] a, int a0, int aRow, float[] b, int b0, float[] c, int c0, int cRow, int K, int rows) {
        int last = rows - 1;
        FloatVector l0 = FloatVector.zero(S);
        FloatVector r0 = FloatVector.zero(S);
        FloatVector l1 = FloatVector.zero(S);
        FloatVector r1 = FloatVector.zero(S);
        FloatVector l2 = FloatVector.zero(S);
        FloatVector r2 = FloatVector.zero(S);
        FloatVector l3 = FloatVector.zero(S);
        FloatVector r3 = FloatVector.zero(S);
        FloatVector l4 = FloatVector.zero(S);
        FloatVector r4 = FloatVector.zero(S);
        FloatVector l5 = FloatVector.zero(S);
        FloatVector r5 = FloatVector.zero(S);
        FloatVector left;
        FloatVector right;
        FloatVector x;
        for (int k = 0; k < K; k++) {
            left = FloatVector.fromArray(S, b, b0 + k * PANEL);
            right = FloatVector.fromArray(S, b, b0 + k * PANEL + V);
            x = FloatVector.broadcast(S, a[a0 + k * 6]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(S, a[a0 + k * 6 + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[a0 + k * 6 + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(S, a[a0 + k * 6 + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[a0 + k * 6 + 4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = FloatVector.broadcast(S, a[a0 + k * 6 + 5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
        }
        int to = c0;
        l0.intoArray(c, to);
        r0.intoArray(c, to + V);
        to = c0 + Math.min(1, last) * cRow;
        l1.intoArray(c, to);
        r1.intoArray(c, to + V);
        to = c0 + Math.min(2, last) * cRow;
        l2.intoArray(c, to);
        r2.intoArray(c, to + V);
        to = c0 + Math.min(3, last) * cRow;
        l3.intoArray(c, to);
        r3.intoArray(c, to + V);
        to = c0 + Math.min(4, last) * cRow;
        l4.intoArray(c, to);
        r4.intoArray(c, to + V);
        to = c0 + Math.min(5, last) * cRow;
        l5.intoArray(c, to);
        r5.intoArray(c, to + V);
    }

    /** 5 rows by two vectors. */
    static void tile5x1(float[] a, int a0, int aRow, float[] b, int b0, float[] c, int c0, int cRow, int K, int rows) {
        int last = rows - 1;
        FloatVector l0 = FloatVector.zero(S);
        FloatVector r0 = FloatVector.zero(S);
        FloatVector l1 = FloatVector.zero(S);
        FloatVector r1 = FloatVector.zero(S);
        FloatVector l2 = FloatVector.zero(S);
        FloatVector r2 = FloatVector.zero(S);
        FloatVector l3 = FloatVector.zero(S);
        FloatVector r3 = FloatVector.zero(S);
        FloatVector l4 = FloatVector.zero(S);
        FloatVector r4 = FloatVector.zero(S);
        FloatVector left;
        FloatVector right;
        FloatVector x;
        for (int k = 0; k < K; k++) {
            left = FloatVector.fromArray(S, b, b0 + k * PANEL);
            right = FloatVector.fromArray(S, b, b0 + k * PANEL + V);
            x = FloatVector.broadcast(S, a[a0 + k * 5]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(S, a[a0 + k * 5 + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[a0 + k * 5 + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(S, a[a0 + k * 5 + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[a0 + k * 5 + 4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
        }
        int to = c0;
        l0.intoArray(c, to);
        r0.intoArray(c, to + V);
        to = c0 + Math.min(1, last) * cRow;
        l1.intoArray(c, to);
        r1.intoArray(c, to + V);
        to = c0 + Math.min(2, last) * cRow;
        l2.intoArray(c, to);
        r2.intoArray(c, to + V);
        to = c0 + Math.min(3, last) * cRow;
        l3.intoArray(c, to);
        r3.intoArray(c, to + V);
        to = c0 + Math.min(4, last) * cRow;
        l4.intoArray(c, to);
        r4.intoArray(c, to + V);
    }

    /** 4 rows by two vectors. */
    static void tile4x1(float[] a, int a0, int aRow, float[] b, int b0, float[] c, int c0, int cRow, int K, int rows) {
        int last = rows - 1;
        FloatVector l0 = FloatVector.zero(S);
        FloatVector r0 = FloatVector.zero(S);
        FloatVector l1 = FloatVector.zero(S);
        FloatVector r1 = FloatVector.zero(S);
        FloatVector l2 = FloatVector.zero(S);
        FloatVector r2 = FloatVector.zero(S);
        FloatVector l3 = FloatVector.zero(S);
        FloatVector r3 = FloatVector.zero(S);
        FloatVector left;
        FloatVector right;
        FloatVector x;
        for (int k = 0; k < K; k++) {
            left = FloatVector.fromArray(S, b, b0 + k * PANEL);
            right = FloatVector.fromArray(S, b, b0 + k * PANEL + V);
            x = FloatVector.broadcast(S, a[a0 + k * 4]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(S, a[a0 + k * 4 + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[a0 + k * 4 + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(S, a[a0 + k * 4 + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
        }
        int to = c0;
        l0.intoArray(c, to);
        r0.intoArray(c, to + V);
        to = c0 + Math.min(1, last) * cRow;
        l1.intoArray(c, to);
        r1.intoArray(c, to + V);
        to = c0 + Math.min(2, last) * cRow;
        l2.intoArray(c, to);
        r2.intoArray(c, to + V);
        to = c0 + Math.min(3, last) * cRow;
        l3.intoArray(c, to);
        r3.intoArray(c, to + V);
    }

    /** 12 rows by two vectors. */
    static void tile12x1(float[] a, int a0, int aRow, float[] b, int b0, float[] c, int c0, int cRow, int K, int rows) {
        int last = rows - 1;
        FloatVector l0 = FloatVector.zero(S);
        FloatVector r0 = FloatVector.zero(S);
        FloatVector l1 = FloatVector.zero(S);
        FloatVector r1 = FloatVector.zero(S);
        FloatVector l2 = FloatVector.zero(S);
        FloatVector r2 = FloatVector.zero(S);
        FloatVector l3 = FloatVector.zero(S);
        FloatVector r3 = FloatVector.zero(S);
        FloatVector l4 = FloatVector.zero(S);
        FloatVector r4 = FloatVector.zero(S);
        FloatVector l5 = FloatVector.zero(S);
        FloatVector r5 = FloatVector.zero(S);
        FloatVector l6 = FloatVector.zero(S);
        FloatVector r6 = FloatVector.zero(S);
        FloatVector l7 = FloatVector.zero(S);
        FloatVector r7 = FloatVector.zero(S);
        FloatVector l8 = FloatVector.zero(S);
        FloatVector r8 = FloatVector.zero(S);
        FloatVector l9 = FloatVector.zero(S);
        FloatVector r9 = FloatVector.zero(S);
        FloatVector l10 = FloatVector.zero(S);
        FloatVector r10 = FloatVector.zero(S);
        FloatVector l11 = FloatVector.zero(S);
        FloatVector r11 = FloatVector.zero(S);
        FloatVector left;
        FloatVector right;
        FloatVector x;
        for (int k = 0; k < K; k++) {
            left = FloatVector.fromArray(S, b, b0 + k * PANEL);
            right = FloatVector.fromArray(S, b, b0 + k * PANEL + V);
            x = FloatVector.broadcast(S, a[a0 + k * 12]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 6]);
            l6 = x.fma(left, l6);
            r6 = x.fma(right, r6);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 7]);
            l7 = x.fma(left, l7);
            r7 = x.fma(right, r7);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 8]);
            l8 = x.fma(left, l8);
            r8 = x.fma(right, r8);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 9]);
            l9 = x.fma(left, l9);
            r9 = x.fma(right, r9);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 10]);
            l10 = x.fma(left, l10);
            r10 = x.fma(right, r10);
            x = FloatVector.broadcast(S, a[a0 + k * 12 + 11]);
            l11 = x.fma(left, l11);
            r11 = x.fma(right, r11);
        }
        int to = c0;
        l0.intoArray(c, to);
        r0.intoArray(c, to + V);
        to = c0 + Math.min(1, last) * cRow;
        l1.intoArray(c, to);
        r1.intoArray(c, to + V);
        to = c0 + Math.min(2, last) * cRow;
        l2.intoArray(c, to);
        r2.intoArray(c, to + V);
        to = c0 + Math.min(3, last) * cRow;
        l3.intoArray(c, to);
        r3.intoArray(c, to + V);
        to = c0 + Math.min(4, last) * cRow;
        l4.intoArray(c, to);
        r4.intoArray(c, to + V);
        to = c0 + Math.min(5, last) * cRow;
        l5.intoArray(c, to);
        r5.intoArray(c, to + V);
        to = c0 + Math.min(6, last) * cRow;
        l6.intoArray(c, to);
        r6.intoArray(c, to + V);
        to = c0 + Math.min(7, last) * cRow;
        l7.intoArray(c, to);
        r7.intoArray(c, to + V);
        to = c0 + Math.min(8, last) * cRow;
        l8.intoArray(c, to);
        r8.intoArray(c, to + V);
        to = c0 + Math.min(9, last) * cRow;
        l9.intoArray(c, to);
        r9.intoArray(c, to + V);
        to = c0 + Math.min(10, last) * cRow;
        l10.intoArray(c, to);
        r10.intoArray(c, to + V);
        to = c0 + Math.min(11, last) * cRow;
        l11.intoArray(c, to);
        r11.intoArray(c, to + V);
    }
}
