package org.blockrecurrent.tensor.io;

/** IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 bits of fraction. */
public final class HalfFloat {
    private HalfFloat() {}

    /** The same number as a float; exact. */
    public static float toFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >>> 10 & 0x1F;
        int fraction = half & 0x3FF;
        if (exponent == 0) {
            float subnormal = fraction * 0x1p-24f;
            return sign == 0 ? subnormal : -subnormal;
        }
        int wideExponent = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | wideExponent << 23 | fraction << 13);
    }
}
