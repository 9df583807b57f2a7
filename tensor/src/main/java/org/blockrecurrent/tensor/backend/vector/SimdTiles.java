package org.blockrecurrent.tensor.backend.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tiles of the matrix product: {@code C = A B} for up to 12 (or 6) rows of A and a panel of B that is two
 * vectors wide. All partial sums stay in registers, written out as locals because the compiler keeps arrays of vectors in
 * memory. The reduction is unrolled by two, so K is even; every element of C is one chain of fused multiply-adds in the order of k,
 * whichever tile computes it and however many rows are asked for. Rows beyond the last are the last once more, computed
 * and stored again, so that two methods without branches serve all heights.
 *
 * <p>The methods are as large as the compiler allows: it stops inlining when its graph has 40,000 live nodes, and a tile that
 * also took a last odd step of k, or added to C, was in some starts left with calls in its loop, at a fiftieth of the
 * speed. So these are steps of their own in {@link SimdLanes}.
 *
 * <p>Figures: 12 × 2 needs 27 of the 32 registers of AVX-512 or NEON, 6 × 2 needs 15 of the 16 of AVX2.
 */
final class SimdTiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    private SimdTiles() {}

    static void rows12(float[] a, int a0, int aRow, float[] b, int b0, float[] c, int c0, int cRow, int K, int rows) {
        tile12(a, a0, aRow, 1, b, b0, 2 * V, c, c0, cRow, K, rows);
    }

    static void strips12(float[] a, int a0, int aRow, float[] b, int b0, float[] c, int c0, int cRow, int K, int rows) {
        tile12(a, a0, 1, 12, b, b0, 2 * V, c, c0, cRow, K, rows);
    }

    /** 12 rows by two vectors. */
    private static void tile12(
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bStep,
            float[] c,
            int c0,
            int cRow,
            int K,
            int rows) {
        int last = rows - 1;
        int o1 = Math.min(1, last) * aRow;
        int o2 = Math.min(2, last) * aRow;
        int o3 = Math.min(3, last) * aRow;
        int o4 = Math.min(4, last) * aRow;
        int o5 = Math.min(5, last) * aRow;
        int o6 = Math.min(6, last) * aRow;
        int o7 = Math.min(7, last) * aRow;
        int o8 = Math.min(8, last) * aRow;
        int o9 = Math.min(9, last) * aRow;
        int o10 = Math.min(10, last) * aRow;
        int o11 = Math.min(11, last) * aRow;
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
        int i = a0;
        int j = b0;
        FloatVector left;
        FloatVector right;
        FloatVector x;
        for (int k = 0; k < K; k += 2) {
            left = FloatVector.fromArray(S, b, j);
            right = FloatVector.fromArray(S, b, j + V);
            x = FloatVector.broadcast(S, a[i]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(S, a[i + o1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[i + o2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(S, a[i + o3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[i + o4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = FloatVector.broadcast(S, a[i + o5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            x = FloatVector.broadcast(S, a[i + o6]);
            l6 = x.fma(left, l6);
            r6 = x.fma(right, r6);
            x = FloatVector.broadcast(S, a[i + o7]);
            l7 = x.fma(left, l7);
            r7 = x.fma(right, r7);
            x = FloatVector.broadcast(S, a[i + o8]);
            l8 = x.fma(left, l8);
            r8 = x.fma(right, r8);
            x = FloatVector.broadcast(S, a[i + o9]);
            l9 = x.fma(left, l9);
            r9 = x.fma(right, r9);
            x = FloatVector.broadcast(S, a[i + o10]);
            l10 = x.fma(left, l10);
            r10 = x.fma(right, r10);
            x = FloatVector.broadcast(S, a[i + o11]);
            l11 = x.fma(left, l11);
            r11 = x.fma(right, r11);
            int i2 = i + aStep;
            int j2 = j + bStep;
            left = FloatVector.fromArray(S, b, j2);
            right = FloatVector.fromArray(S, b, j2 + V);
            x = FloatVector.broadcast(S, a[i2]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(S, a[i2 + o1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[i2 + o2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(S, a[i2 + o3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[i2 + o4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = FloatVector.broadcast(S, a[i2 + o5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            x = FloatVector.broadcast(S, a[i2 + o6]);
            l6 = x.fma(left, l6);
            r6 = x.fma(right, r6);
            x = FloatVector.broadcast(S, a[i2 + o7]);
            l7 = x.fma(left, l7);
            r7 = x.fma(right, r7);
            x = FloatVector.broadcast(S, a[i2 + o8]);
            l8 = x.fma(left, l8);
            r8 = x.fma(right, r8);
            x = FloatVector.broadcast(S, a[i2 + o9]);
            l9 = x.fma(left, l9);
            r9 = x.fma(right, r9);
            x = FloatVector.broadcast(S, a[i2 + o10]);
            l10 = x.fma(left, l10);
            r10 = x.fma(right, r10);
            x = FloatVector.broadcast(S, a[i2 + o11]);
            l11 = x.fma(left, l11);
            r11 = x.fma(right, r11);
            i = i2 + aStep;
            j = j2 + bStep;
        }
        l0.intoArray(c, c0);
        r0.intoArray(c, c0 + V);
        int c1 = c0 + Math.min(1, last) * cRow;
        l1.intoArray(c, c1);
        r1.intoArray(c, c1 + V);
        int c2 = c0 + Math.min(2, last) * cRow;
        l2.intoArray(c, c2);
        r2.intoArray(c, c2 + V);
        int c3 = c0 + Math.min(3, last) * cRow;
        l3.intoArray(c, c3);
        r3.intoArray(c, c3 + V);
        int c4 = c0 + Math.min(4, last) * cRow;
        l4.intoArray(c, c4);
        r4.intoArray(c, c4 + V);
        int c5 = c0 + Math.min(5, last) * cRow;
        l5.intoArray(c, c5);
        r5.intoArray(c, c5 + V);
        int c6 = c0 + Math.min(6, last) * cRow;
        l6.intoArray(c, c6);
        r6.intoArray(c, c6 + V);
        int c7 = c0 + Math.min(7, last) * cRow;
        l7.intoArray(c, c7);
        r7.intoArray(c, c7 + V);
        int c8 = c0 + Math.min(8, last) * cRow;
        l8.intoArray(c, c8);
        r8.intoArray(c, c8 + V);
        int c9 = c0 + Math.min(9, last) * cRow;
        l9.intoArray(c, c9);
        r9.intoArray(c, c9 + V);
        int c10 = c0 + Math.min(10, last) * cRow;
        l10.intoArray(c, c10);
        r10.intoArray(c, c10 + V);
        int c11 = c0 + Math.min(11, last) * cRow;
        l11.intoArray(c, c11);
        r11.intoArray(c, c11 + V);
    }
}
