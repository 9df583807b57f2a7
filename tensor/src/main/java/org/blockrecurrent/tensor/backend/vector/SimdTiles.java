package org.blockrecurrent.tensor.backend.vector;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of the matrix product, {@code C = start + A B}: a strip of up to so many rows of A (see {@link Strips}) times a panel of
 * B that is two vectors wide. All partial sums stay in registers, written out as locals because the compiler keeps arrays of
 * vectors in memory. Every element of C is one chain of fused multiply-adds in the order of k, whichever tile computes it and
 * however many rows are asked for. Rows beyond the last are computed from what lies there and stored over, last row first, so that one method
 * without branches serves all heights. The start is a bias, zeros, or C itself.
 *
 * <p>Every index is the loop variable, something fixed, and a constant. The compiler then checks all of them once, before the
 * loop, and one register addresses the whole strip: a core that is shared with another thread wants few instructions.
 * But nothing is left then that keeps the compiler from loading many values ahead, for which there may be no register:
 * sums go to memory and the tile runs at half its speed. A fence between loads keeps them in their places and is no instruction on x86; on ARM it is
 * one, and the tiles for ARM have none. What works best differs from one version of the compiler to the next, so {@link SimdTileChoice} measures.
 *
 * <p>The methods are as large as the compiler allows: it stops inlining when its graph has 40,000 live nodes.
 */
final class SimdTiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int V = S.length();
    private static final int PANEL = 2 * V;

    private SimdTiles() {}

    /** 6 rows by two vectors, two steps of k at a time, fenced: 15 of the 16 registers of AVX2. */
    static void tile6x2(
            float[] a,
            int a0,
            float[] b,
            int b0,
            float[] start,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int cRow,
            int K,
            int rows) {
        int last = rows - 1;
        int from = s0;
        FloatVector l0 = FloatVector.fromArray(S, start, from);
        FloatVector r0 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(1, last) * sRow;
        FloatVector l1 = FloatVector.fromArray(S, start, from);
        FloatVector r1 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(2, last) * sRow;
        FloatVector l2 = FloatVector.fromArray(S, start, from);
        FloatVector r2 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(3, last) * sRow;
        FloatVector l3 = FloatVector.fromArray(S, start, from);
        FloatVector r3 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(4, last) * sRow;
        FloatVector l4 = FloatVector.fromArray(S, start, from);
        FloatVector r4 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(5, last) * sRow;
        FloatVector l5 = FloatVector.fromArray(S, start, from);
        FloatVector r5 = FloatVector.fromArray(S, start, from + V);
        int toA = a0 - b0;
        int end = b0 + K * PANEL;
        FloatVector left;
        FloatVector right;
        FloatVector x;
        for (int j = b0; j < end; j += 2 * PANEL) {
            left = FloatVector.fromArray(S, b, j);
            right = FloatVector.fromArray(S, b, j + V);
            x = FloatVector.broadcast(S, a[toA + j]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[toA + j + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[toA + j + 4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            left = FloatVector.fromArray(S, b, j + PANEL);
            right = FloatVector.fromArray(S, b, j + PANEL + V);
            x = FloatVector.broadcast(S, a[toA + j + PANEL]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
        }
        int to = c0 + Math.min(5, last) * cRow;
        l5.intoArray(c, to);
        r5.intoArray(c, to + V);
        to = c0 + Math.min(4, last) * cRow;
        l4.intoArray(c, to);
        r4.intoArray(c, to + V);
        to = c0 + Math.min(3, last) * cRow;
        l3.intoArray(c, to);
        r3.intoArray(c, to + V);
        to = c0 + Math.min(2, last) * cRow;
        l2.intoArray(c, to);
        r2.intoArray(c, to + V);
        to = c0 + Math.min(1, last) * cRow;
        l1.intoArray(c, to);
        r1.intoArray(c, to + V);
        to = c0;
        l0.intoArray(c, to);
        r0.intoArray(c, to + V);
    }

    /** 4 rows by two vectors, two steps of k at a time: what is loaded ahead finds a register. */
    static void tile4x2(
            float[] a,
            int a0,
            float[] b,
            int b0,
            float[] start,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int cRow,
            int K,
            int rows) {
        int last = rows - 1;
        int from = s0;
        FloatVector l0 = FloatVector.fromArray(S, start, from);
        FloatVector r0 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(1, last) * sRow;
        FloatVector l1 = FloatVector.fromArray(S, start, from);
        FloatVector r1 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(2, last) * sRow;
        FloatVector l2 = FloatVector.fromArray(S, start, from);
        FloatVector r2 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(3, last) * sRow;
        FloatVector l3 = FloatVector.fromArray(S, start, from);
        FloatVector r3 = FloatVector.fromArray(S, start, from + V);
        int toA = a0 - b0;
        int end = b0 + K * PANEL;
        FloatVector left;
        FloatVector right;
        FloatVector x;
        for (int j = b0; j < end; j += 2 * PANEL) {
            left = FloatVector.fromArray(S, b, j);
            right = FloatVector.fromArray(S, b, j + V);
            x = FloatVector.broadcast(S, a[toA + j]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(S, a[toA + j + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[toA + j + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(S, a[toA + j + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            left = FloatVector.fromArray(S, b, j + PANEL);
            right = FloatVector.fromArray(S, b, j + PANEL + V);
            x = FloatVector.broadcast(S, a[toA + j + PANEL]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
        }
        int to = c0 + Math.min(3, last) * cRow;
        l3.intoArray(c, to);
        r3.intoArray(c, to + V);
        to = c0 + Math.min(2, last) * cRow;
        l2.intoArray(c, to);
        r2.intoArray(c, to + V);
        to = c0 + Math.min(1, last) * cRow;
        l1.intoArray(c, to);
        r1.intoArray(c, to + V);
        to = c0;
        l0.intoArray(c, to);
        r0.intoArray(c, to + V);
    }

    /** 14 rows by two vectors, two steps of k at a time, fenced: 31 of the 32 registers of AVX-512. */
    static void tile14x2(
            float[] a,
            int a0,
            float[] b,
            int b0,
            float[] start,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int cRow,
            int K,
            int rows) {
        int last = rows - 1;
        int from = s0;
        FloatVector l0 = FloatVector.fromArray(S, start, from);
        FloatVector r0 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(1, last) * sRow;
        FloatVector l1 = FloatVector.fromArray(S, start, from);
        FloatVector r1 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(2, last) * sRow;
        FloatVector l2 = FloatVector.fromArray(S, start, from);
        FloatVector r2 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(3, last) * sRow;
        FloatVector l3 = FloatVector.fromArray(S, start, from);
        FloatVector r3 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(4, last) * sRow;
        FloatVector l4 = FloatVector.fromArray(S, start, from);
        FloatVector r4 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(5, last) * sRow;
        FloatVector l5 = FloatVector.fromArray(S, start, from);
        FloatVector r5 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(6, last) * sRow;
        FloatVector l6 = FloatVector.fromArray(S, start, from);
        FloatVector r6 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(7, last) * sRow;
        FloatVector l7 = FloatVector.fromArray(S, start, from);
        FloatVector r7 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(8, last) * sRow;
        FloatVector l8 = FloatVector.fromArray(S, start, from);
        FloatVector r8 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(9, last) * sRow;
        FloatVector l9 = FloatVector.fromArray(S, start, from);
        FloatVector r9 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(10, last) * sRow;
        FloatVector l10 = FloatVector.fromArray(S, start, from);
        FloatVector r10 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(11, last) * sRow;
        FloatVector l11 = FloatVector.fromArray(S, start, from);
        FloatVector r11 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(12, last) * sRow;
        FloatVector l12 = FloatVector.fromArray(S, start, from);
        FloatVector r12 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(13, last) * sRow;
        FloatVector l13 = FloatVector.fromArray(S, start, from);
        FloatVector r13 = FloatVector.fromArray(S, start, from + V);
        int toA = a0 - b0;
        int end = b0 + K * PANEL;
        FloatVector left;
        FloatVector right;
        FloatVector x;
        for (int j = b0; j < end; j += 2 * PANEL) {
            left = FloatVector.fromArray(S, b, j);
            right = FloatVector.fromArray(S, b, j + V);
            x = FloatVector.broadcast(S, a[toA + j]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[toA + j + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[toA + j + 4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            x = FloatVector.broadcast(S, a[toA + j + 6]);
            l6 = x.fma(left, l6);
            r6 = x.fma(right, r6);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 7]);
            l7 = x.fma(left, l7);
            r7 = x.fma(right, r7);
            x = FloatVector.broadcast(S, a[toA + j + 8]);
            l8 = x.fma(left, l8);
            r8 = x.fma(right, r8);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 9]);
            l9 = x.fma(left, l9);
            r9 = x.fma(right, r9);
            x = FloatVector.broadcast(S, a[toA + j + 10]);
            l10 = x.fma(left, l10);
            r10 = x.fma(right, r10);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 11]);
            l11 = x.fma(left, l11);
            r11 = x.fma(right, r11);
            x = FloatVector.broadcast(S, a[toA + j + 12]);
            l12 = x.fma(left, l12);
            r12 = x.fma(right, r12);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 13]);
            l13 = x.fma(left, l13);
            r13 = x.fma(right, r13);
            left = FloatVector.fromArray(S, b, j + PANEL);
            right = FloatVector.fromArray(S, b, j + PANEL + V);
            x = FloatVector.broadcast(S, a[toA + j + PANEL]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 6]);
            l6 = x.fma(left, l6);
            r6 = x.fma(right, r6);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 7]);
            l7 = x.fma(left, l7);
            r7 = x.fma(right, r7);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 8]);
            l8 = x.fma(left, l8);
            r8 = x.fma(right, r8);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 9]);
            l9 = x.fma(left, l9);
            r9 = x.fma(right, r9);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 10]);
            l10 = x.fma(left, l10);
            r10 = x.fma(right, r10);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 11]);
            l11 = x.fma(left, l11);
            r11 = x.fma(right, r11);
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 12]);
            l12 = x.fma(left, l12);
            r12 = x.fma(right, r12);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + PANEL + 13]);
            l13 = x.fma(left, l13);
            r13 = x.fma(right, r13);
        }
        int to = c0 + Math.min(13, last) * cRow;
        l13.intoArray(c, to);
        r13.intoArray(c, to + V);
        to = c0 + Math.min(12, last) * cRow;
        l12.intoArray(c, to);
        r12.intoArray(c, to + V);
        to = c0 + Math.min(11, last) * cRow;
        l11.intoArray(c, to);
        r11.intoArray(c, to + V);
        to = c0 + Math.min(10, last) * cRow;
        l10.intoArray(c, to);
        r10.intoArray(c, to + V);
        to = c0 + Math.min(9, last) * cRow;
        l9.intoArray(c, to);
        r9.intoArray(c, to + V);
        to = c0 + Math.min(8, last) * cRow;
        l8.intoArray(c, to);
        r8.intoArray(c, to + V);
        to = c0 + Math.min(7, last) * cRow;
        l7.intoArray(c, to);
        r7.intoArray(c, to + V);
        to = c0 + Math.min(6, last) * cRow;
        l6.intoArray(c, to);
        r6.intoArray(c, to + V);
        to = c0 + Math.min(5, last) * cRow;
        l5.intoArray(c, to);
        r5.intoArray(c, to + V);
        to = c0 + Math.min(4, last) * cRow;
        l4.intoArray(c, to);
        r4.intoArray(c, to + V);
        to = c0 + Math.min(3, last) * cRow;
        l3.intoArray(c, to);
        r3.intoArray(c, to + V);
        to = c0 + Math.min(2, last) * cRow;
        l2.intoArray(c, to);
        r2.intoArray(c, to + V);
        to = c0 + Math.min(1, last) * cRow;
        l1.intoArray(c, to);
        r1.intoArray(c, to + V);
        to = c0;
        l0.intoArray(c, to);
        r0.intoArray(c, to + V);
    }

    /** 14 rows by two vectors, one step of k at a time, fenced. */
    static void tile14x1(
            float[] a,
            int a0,
            float[] b,
            int b0,
            float[] start,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int cRow,
            int K,
            int rows) {
        int last = rows - 1;
        int from = s0;
        FloatVector l0 = FloatVector.fromArray(S, start, from);
        FloatVector r0 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(1, last) * sRow;
        FloatVector l1 = FloatVector.fromArray(S, start, from);
        FloatVector r1 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(2, last) * sRow;
        FloatVector l2 = FloatVector.fromArray(S, start, from);
        FloatVector r2 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(3, last) * sRow;
        FloatVector l3 = FloatVector.fromArray(S, start, from);
        FloatVector r3 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(4, last) * sRow;
        FloatVector l4 = FloatVector.fromArray(S, start, from);
        FloatVector r4 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(5, last) * sRow;
        FloatVector l5 = FloatVector.fromArray(S, start, from);
        FloatVector r5 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(6, last) * sRow;
        FloatVector l6 = FloatVector.fromArray(S, start, from);
        FloatVector r6 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(7, last) * sRow;
        FloatVector l7 = FloatVector.fromArray(S, start, from);
        FloatVector r7 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(8, last) * sRow;
        FloatVector l8 = FloatVector.fromArray(S, start, from);
        FloatVector r8 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(9, last) * sRow;
        FloatVector l9 = FloatVector.fromArray(S, start, from);
        FloatVector r9 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(10, last) * sRow;
        FloatVector l10 = FloatVector.fromArray(S, start, from);
        FloatVector r10 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(11, last) * sRow;
        FloatVector l11 = FloatVector.fromArray(S, start, from);
        FloatVector r11 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(12, last) * sRow;
        FloatVector l12 = FloatVector.fromArray(S, start, from);
        FloatVector r12 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(13, last) * sRow;
        FloatVector l13 = FloatVector.fromArray(S, start, from);
        FloatVector r13 = FloatVector.fromArray(S, start, from + V);
        int toA = a0 - b0;
        int end = b0 + K * PANEL;
        FloatVector left;
        FloatVector right;
        FloatVector x;
        for (int j = b0; j < end; j += PANEL) {
            left = FloatVector.fromArray(S, b, j);
            right = FloatVector.fromArray(S, b, j + V);
            x = FloatVector.broadcast(S, a[toA + j]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[toA + j + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[toA + j + 4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            x = FloatVector.broadcast(S, a[toA + j + 6]);
            l6 = x.fma(left, l6);
            r6 = x.fma(right, r6);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 7]);
            l7 = x.fma(left, l7);
            r7 = x.fma(right, r7);
            x = FloatVector.broadcast(S, a[toA + j + 8]);
            l8 = x.fma(left, l8);
            r8 = x.fma(right, r8);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 9]);
            l9 = x.fma(left, l9);
            r9 = x.fma(right, r9);
            x = FloatVector.broadcast(S, a[toA + j + 10]);
            l10 = x.fma(left, l10);
            r10 = x.fma(right, r10);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 11]);
            l11 = x.fma(left, l11);
            r11 = x.fma(right, r11);
            x = FloatVector.broadcast(S, a[toA + j + 12]);
            l12 = x.fma(left, l12);
            r12 = x.fma(right, r12);
            VarHandle.loadLoadFence();
            x = FloatVector.broadcast(S, a[toA + j + 13]);
            l13 = x.fma(left, l13);
            r13 = x.fma(right, r13);
        }
        int to = c0 + Math.min(13, last) * cRow;
        l13.intoArray(c, to);
        r13.intoArray(c, to + V);
        to = c0 + Math.min(12, last) * cRow;
        l12.intoArray(c, to);
        r12.intoArray(c, to + V);
        to = c0 + Math.min(11, last) * cRow;
        l11.intoArray(c, to);
        r11.intoArray(c, to + V);
        to = c0 + Math.min(10, last) * cRow;
        l10.intoArray(c, to);
        r10.intoArray(c, to + V);
        to = c0 + Math.min(9, last) * cRow;
        l9.intoArray(c, to);
        r9.intoArray(c, to + V);
        to = c0 + Math.min(8, last) * cRow;
        l8.intoArray(c, to);
        r8.intoArray(c, to + V);
        to = c0 + Math.min(7, last) * cRow;
        l7.intoArray(c, to);
        r7.intoArray(c, to + V);
        to = c0 + Math.min(6, last) * cRow;
        l6.intoArray(c, to);
        r6.intoArray(c, to + V);
        to = c0 + Math.min(5, last) * cRow;
        l5.intoArray(c, to);
        r5.intoArray(c, to + V);
        to = c0 + Math.min(4, last) * cRow;
        l4.intoArray(c, to);
        r4.intoArray(c, to + V);
        to = c0 + Math.min(3, last) * cRow;
        l3.intoArray(c, to);
        r3.intoArray(c, to + V);
        to = c0 + Math.min(2, last) * cRow;
        l2.intoArray(c, to);
        r2.intoArray(c, to + V);
        to = c0 + Math.min(1, last) * cRow;
        l1.intoArray(c, to);
        r1.intoArray(c, to + V);
        to = c0;
        l0.intoArray(c, to);
        r0.intoArray(c, to + V);
    }

    /** 8 rows by two vectors: 19 of the 32 registers of NEON, where a panel has no room for more. */
    static void tile8x1(
            float[] a,
            int a0,
            float[] b,
            int b0,
            float[] start,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int cRow,
            int K,
            int rows) {
        int last = rows - 1;
        int from = s0;
        FloatVector l0 = FloatVector.fromArray(S, start, from);
        FloatVector r0 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(1, last) * sRow;
        FloatVector l1 = FloatVector.fromArray(S, start, from);
        FloatVector r1 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(2, last) * sRow;
        FloatVector l2 = FloatVector.fromArray(S, start, from);
        FloatVector r2 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(3, last) * sRow;
        FloatVector l3 = FloatVector.fromArray(S, start, from);
        FloatVector r3 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(4, last) * sRow;
        FloatVector l4 = FloatVector.fromArray(S, start, from);
        FloatVector r4 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(5, last) * sRow;
        FloatVector l5 = FloatVector.fromArray(S, start, from);
        FloatVector r5 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(6, last) * sRow;
        FloatVector l6 = FloatVector.fromArray(S, start, from);
        FloatVector r6 = FloatVector.fromArray(S, start, from + V);
        from = s0 + Math.min(7, last) * sRow;
        FloatVector l7 = FloatVector.fromArray(S, start, from);
        FloatVector r7 = FloatVector.fromArray(S, start, from + V);
        int toA = a0 - b0;
        int end = b0 + K * PANEL;
        FloatVector left;
        FloatVector right;
        FloatVector x;
        for (int j = b0; j < end; j += PANEL) {
            left = FloatVector.fromArray(S, b, j);
            right = FloatVector.fromArray(S, b, j + V);
            x = FloatVector.broadcast(S, a[toA + j]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(S, a[toA + j + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(S, a[toA + j + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(S, a[toA + j + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(S, a[toA + j + 4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = FloatVector.broadcast(S, a[toA + j + 5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            x = FloatVector.broadcast(S, a[toA + j + 6]);
            l6 = x.fma(left, l6);
            r6 = x.fma(right, r6);
            x = FloatVector.broadcast(S, a[toA + j + 7]);
            l7 = x.fma(left, l7);
            r7 = x.fma(right, r7);
        }
        int to = c0 + Math.min(7, last) * cRow;
        l7.intoArray(c, to);
        r7.intoArray(c, to + V);
        to = c0 + Math.min(6, last) * cRow;
        l6.intoArray(c, to);
        r6.intoArray(c, to + V);
        to = c0 + Math.min(5, last) * cRow;
        l5.intoArray(c, to);
        r5.intoArray(c, to + V);
        to = c0 + Math.min(4, last) * cRow;
        l4.intoArray(c, to);
        r4.intoArray(c, to + V);
        to = c0 + Math.min(3, last) * cRow;
        l3.intoArray(c, to);
        r3.intoArray(c, to + V);
        to = c0 + Math.min(2, last) * cRow;
        l2.intoArray(c, to);
        r2.intoArray(c, to + V);
        to = c0 + Math.min(1, last) * cRow;
        l1.intoArray(c, to);
        r1.intoArray(c, to + V);
        to = c0;
        l0.intoArray(c, to);
        r0.intoArray(c, to + V);
    }
}
