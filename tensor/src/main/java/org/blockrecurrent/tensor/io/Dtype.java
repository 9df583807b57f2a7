package org.blockrecurrent.tensor.io;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Element types of safetensors. Those that Java has no use for are listed, but cannot be read. */
public enum Dtype {
    BOOL(8, Kind.INTEGER),
    U8(8, Kind.INTEGER),
    I8(8, Kind.INTEGER),
    I16(16, Kind.INTEGER),
    U16(16, Kind.INTEGER),
    I32(32, Kind.INTEGER),
    U32(32, Kind.INTEGER),
    I64(64, Kind.INTEGER),
    U64(64, Kind.INTEGER),
    F16(16, Kind.REAL),
    BF16(16, Kind.REAL),
    F32(32, Kind.REAL),
    F64(64, Kind.REAL),
    C64(64, Kind.UNSUPPORTED),
    F4(4, Kind.UNSUPPORTED),
    F6_E2M3(6, Kind.UNSUPPORTED),
    F6_E3M2(6, Kind.UNSUPPORTED),
    F8_E5M2(8, Kind.UNSUPPORTED),
    F8_E4M3(8, Kind.UNSUPPORTED),
    F8_E8M0(8, Kind.UNSUPPORTED),
    F8_E4M3FNUZ(8, Kind.UNSUPPORTED),
    F8_E5M2FNUZ(8, Kind.UNSUPPORTED);

    private enum Kind {
        INTEGER,
        REAL,
        UNSUPPORTED
    }

    private final int bits;
    private final Kind kind;

    Dtype(int bits, Kind kind) {
        this.bits = bits;
        this.kind = kind;
    }

    /** The type of that name, or null. */
    public static @Nullable Dtype named(String name) {
        for (Dtype dtype : values()) {
            if (dtype.name().equals(name)) {
                return dtype;
            }
        }
        return null;
    }

    public int bits() {
        return bits;
    }

    /** Bytes of an element; 0 for types of less than a byte. */
    public int bytes() {
        return bits / 8;
    }

    /** True for whole numbers and booleans. */
    public boolean isInteger() {
        return kind == Kind.INTEGER;
    }

    /** True if values of this type can be converted to Java's. */
    public boolean isReadable() {
        return kind != Kind.UNSUPPORTED;
    }

    /** The next element of an integer type; U64 beyond 2⁶³ − 1 comes out negative. */
    long nextLong(ByteBuffer data) {
        return switch (this) {
            case BOOL, U8 -> data.get() & 0xFF;
            case I8 -> data.get();
            case U16 -> data.getShort() & 0xFFFF;
            case I16 -> data.getShort();
            case U32 -> data.getInt() & 0xFFFFFFFFL;
            case I32 -> data.getInt();
            case I64, U64 -> data.getLong();
            default -> throw new IllegalStateException(this + " is not an integer type");
        };
    }

    /** The next element of a floating-point type. */
    double nextReal(ByteBuffer data) {
        return switch (this) {
            case F16 -> HalfFloat.toFloat(data.getShort());
            case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
            case F32 -> data.getFloat();
            case F64 -> data.getDouble();
            default -> throw new IllegalStateException(this + " is not a floating-point type");
        };
    }
}
