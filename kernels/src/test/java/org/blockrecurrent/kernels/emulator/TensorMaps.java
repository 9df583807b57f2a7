package org.blockrecurrent.kernels.emulator;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** Makes tensor maps by {@code cuTensorMapEncodeTiled}, which JCuda lacks. */
final class TensorMaps {
    private static final int BYTES = 128;
    private static final int ALIGNMENT = 64;
    private static final int BF16 = 9;
    private static final int SWIZZLE_128_BYTES = 3;

    private TensorMaps() {}

    /** The map of a matrix (rows, columns) of bf16, from which boxes of {@code boxRows} rows of 64 are copied, swizzled. */
    static byte[] ofMatrix(EmulatedDevice device, RawCuda.Address address, int rows, int columns, int boxRows) {
        Pointer map = new Memory(BYTES + ALIGNMENT).align(ALIGNMENT);
        Object[] arguments = {
            map,
            BF16,
            2,
            new Pointer(address.value()),
            new long[] {columns, rows},
            new long[] {2L * columns},
            new int[] {64, boxRows},
            new int[] {1, 1},
            0,
            SWIZZLE_128_BYTES,
            0,
            0
        };
        RawCuda.check(NativeLibrary.getInstance(device.library().toString())
                .getFunction("cuTensorMapEncodeTiled")
                .invokeInt(arguments));
        return map.getByteArray(0, BYTES);
    }
}
