package org.blockrecurrent.tensor.backend.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows to columns, as many rows at a time as a vector has elements, 8 or 16, and 8 columns, in registers: elements change places with those at a
 * distance of 4 (8 and 12), which loads at several offsets do, then 2, then 1, which is a shift of pairs. Three to five times as fast as one by one. Written
 * out in one method: vectors that are handed to others the compiler may keep in memory.
 *
 * <p>Its vectors are as wide as all others: once a JVM has seen vectors of two widths, it no longer knows which one a loop holds, and
 * the register tiles run at a thirtieth of their speed.
 */
final class SimdTranspose {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    /** Rows of a block. */
    static final int ROWS = S.length();
    /** Columns of a block. */
    static final int COLUMNS = 8;
    /** Elements: interpreted it moves a hundredth of that, compiled two to five. */
    static final double LEAST_PER_NANO = 0.5;

    private static final int BITS = Float.SIZE;
    private static final int PANEL = 2 * ROWS;
    private static final VectorShuffle<Float> BY_TWO = VectorShuffle.fromOp(S, i -> i ^ 2);
    private static final VectorMask<Float> FROM_4 = lanes(0xFFF0);
    private static final VectorMask<Float> FROM_8 = lanes(0xFF00);
    private static final VectorMask<Float> FROM_12 = lanes(0xF000);
    private static final VectorMask<Float> TWOS = lanes(0xCCCC);
    private static final VectorMask<Float> ONES = lanes(0xAAAA);

    private SimdTranspose() {}

    private static VectorMask<Float> lanes(int bits) {
        return VectorMask.fromLong(S, bits & (1L << ROWS) - 1);
    }

    /** True if vectors have 8 or 16 elements. */
    static boolean isSupported() {
        return ROWS == 8 || ROWS == 16;
    }

    /** {@code to[at + k·panelWidth + j] = from[from0 + j·stride + k]} for {@code j < ROWS}, {@code k < n}; n is a multiple of 8. */
    static void toColumns(float[] to, int at, float[] from, int from0, int stride, int n) {
        for (int k = 0; k < n; k += COLUMNS) {
            int a = from0 + k;
            int b = a + stride;
            int c = b + stride;
            int d = c + stride;
            int below = 4 * stride - 4;
            FloatVector a03 = quarters(from, a, below);
            FloatVector b03 = quarters(from, b, below);
            FloatVector c03 = quarters(from, c, below);
            FloatVector d03 = quarters(from, d, below);
            FloatVector a47 = quarters(from, a + 4, below);
            FloatVector b47 = quarters(from, b + 4, below);
            FloatVector c47 = quarters(from, c + 4, below);
            FloatVector d47 = quarters(from, d + 4, below);

            FloatVector a01 = a03.blend(c03.rearrange(BY_TWO), TWOS);
            FloatVector a23 = a03.rearrange(BY_TWO).blend(c03, TWOS);
            FloatVector b01 = b03.blend(d03.rearrange(BY_TWO), TWOS);
            FloatVector b23 = b03.rearrange(BY_TWO).blend(d03, TWOS);
            FloatVector a45 = a47.blend(c47.rearrange(BY_TWO), TWOS);
            FloatVector a67 = a47.rearrange(BY_TWO).blend(c47, TWOS);
            FloatVector b45 = b47.blend(d47.rearrange(BY_TWO), TWOS);
            FloatVector b67 = b47.rearrange(BY_TWO).blend(d47, TWOS);

            int t = at + k * PANEL;
            FloatVector up01 = b01.reinterpretAsLongs().lanewise(LSHL, BITS).reinterpretAsFloats();
            FloatVector down01 = a01.reinterpretAsLongs().lanewise(LSHR, BITS).reinterpretAsFloats();
            a01.blend(up01, ONES).intoArray(to, t);
            down01.blend(b01, ONES).intoArray(to, t + PANEL);
            FloatVector up23 = b23.reinterpretAsLongs().lanewise(LSHL, BITS).reinterpretAsFloats();
            FloatVector down23 = a23.reinterpretAsLongs().lanewise(LSHR, BITS).reinterpretAsFloats();
            a23.blend(up23, ONES).intoArray(to, t + 2 * PANEL);
            down23.blend(b23, ONES).intoArray(to, t + 3 * PANEL);
            FloatVector up45 = b45.reinterpretAsLongs().lanewise(LSHL, BITS).reinterpretAsFloats();
            FloatVector down45 = a45.reinterpretAsLongs().lanewise(LSHR, BITS).reinterpretAsFloats();
            a45.blend(up45, ONES).intoArray(to, t + 4 * PANEL);
            down45.blend(b45, ONES).intoArray(to, t + 5 * PANEL);
            FloatVector up67 = b67.reinterpretAsLongs().lanewise(LSHL, BITS).reinterpretAsFloats();
            FloatVector down67 = a67.reinterpretAsLongs().lanewise(LSHR, BITS).reinterpretAsFloats();
            a67.blend(up67, ONES).intoArray(to, t + 6 * PANEL);
            down67.blend(b67, ONES).intoArray(to, t + 7 * PANEL);
        }
    }

    /** Four elements of every fourth row; {@code below} leads from one of these rows to the next, back by four elements. */
    private static FloatVector quarters(float[] from, int at, int below) {
        FloatVector x = load(from, at).blend(load(from, at + below), FROM_4);
        if (ROWS == 16) {
            x = x.blend(load(from, at + 2 * below), FROM_8).blend(load(from, at + 3 * below), FROM_12);
        }
        return x;
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(S, from, at);
    }
}
