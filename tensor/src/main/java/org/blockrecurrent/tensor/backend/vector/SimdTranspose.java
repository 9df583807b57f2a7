package org.blockrecurrent.tensor.backend.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows to columns, 8 x 8 elements at a time in registers, for panels of 16 columns or more: elements change places with those at a distance
 * of 4, which loads at two offsets do, then 2, then 1, which is a shift of pairs. Five times as fast as one by one. Written out in one method:
 * vectors that are handed to others the compiler may keep in memory.
 */
final class SimdTranspose {
    /** Rows and columns of a block. */
    static final int SIZE = 8;
    /** Elements: interpreted it moves a hundredth of that, compiled three or four. */
    static final double LEAST_PER_NANO = 0.5;

    private static final int BITS = Float.SIZE;
    private static final int PANEL = 2 * FloatVector.SPECIES_PREFERRED.length();
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
    private static final VectorShuffle<Float> BY_TWO = VectorShuffle.fromOp(S, i -> i ^ 2);
    private static final VectorMask<Float> FOURS = VectorMask.fromLong(S, 0xF0);
    private static final VectorMask<Float> TWOS = VectorMask.fromLong(S, 0xCC);
    private static final VectorMask<Float> ONES = VectorMask.fromLong(S, 0xAA);

    private SimdTranspose() {}

    /** {@code to[at + k·panelWidth + j] = from[from0 + j·stride + k]} for {@code j < 8}, {@code k < n}; n is a multiple of 8. */
    static void toColumns(float[] to, int at, float[] from, int from0, int stride, int n) {
        for (int k = 0; k < n; k += SIZE) {
            int a = from0 + k;
            int b = a + stride;
            int c = b + stride;
            int d = c + stride;
            int below = 4 * stride;
            FloatVector a03 = load(from, a).blend(load(from, a + below - 4), FOURS);
            FloatVector b03 = load(from, b).blend(load(from, b + below - 4), FOURS);
            FloatVector c03 = load(from, c).blend(load(from, c + below - 4), FOURS);
            FloatVector d03 = load(from, d).blend(load(from, d + below - 4), FOURS);
            FloatVector a47 = load(from, a + 4).blend(load(from, a + below), FOURS);
            FloatVector b47 = load(from, b + 4).blend(load(from, b + below), FOURS);
            FloatVector c47 = load(from, c + 4).blend(load(from, c + below), FOURS);
            FloatVector d47 = load(from, d + 4).blend(load(from, d + below), FOURS);

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

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(S, from, at);
    }
}
