package org.blockrecurrent.raptor.store.zarr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.blockrecurrent.tensor.io.HalfFloat;
import org.jspecify.annotations.Nullable;

/** How a number is stored. Both are little-endian. */
public enum ElementType {
    /** 32-bit floats, taken as they are. */
    F4("<f4", Float.BYTES),
    /** 16-bit floats, widened exactly. */
    F2("<f2", Short.BYTES);

    private final String dtype;
    private final int bytes;

    ElementType(String dtype, int bytes) {
        this.dtype = dtype;
        this.bytes = bytes;
    }

    static @Nullable ElementType of(String dtype) {
        for (ElementType type : values()) {
            if (type.dtype.equals(dtype)) {
                return type;
            }
        }
        return null;
    }

    /** As NumPy writes it. */
    String dtype() {
        return dtype;
    }

    /** Bytes of a number. */
    public int bytes() {
        return bytes;
    }

    /** Reads {@code count} numbers, from number {@code from} of the bytes to {@code into[at]} and on. */
    public void read(byte[] source, int from, float[] into, int at, int count) {
        ByteBuffer numbers =
                ByteBuffer.wrap(source, from * bytes, count * bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (this == F4) {
            numbers.asFloatBuffer().get(into, at, count);
            return;
        }
        ShortBuffer halves = numbers.asShortBuffer();
        for (int i = 0; i < count; i++) {
            into[at + i] = HalfFloat.toFloat(halves.get(i));
        }
    }
}
