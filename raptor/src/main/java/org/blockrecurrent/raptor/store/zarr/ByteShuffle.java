package org.blockrecurrent.raptor.store.zarr;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Sorts the bytes of numbers by their place in the number: all first bytes, all second ones, and so on. Signs and exponents,
 * which are alike, come together, and compress. Bytes behind the last whole number stay at the end.
 */
final class ByteShuffle {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private ByteShuffle() {}

    /** From {@code numbers[from … from + size)} into the beginning of {@code sorted}. */
    static void shuffle(byte[] numbers, int from, int size, int typeBytes, byte[] sorted) {
        int n = size / typeBytes;
        for (int place = 0; place < typeBytes; place++) {
            for (int i = 0; i < n; i++) {
                sorted[place * n + i] = numbers[from + i * typeBytes + place];
            }
        }
        System.arraycopy(numbers, from + n * typeBytes, sorted, n * typeBytes, size - n * typeBytes);
    }

    /** From the beginning of {@code sorted} into {@code numbers[from … from + size)}. */
    static void unshuffle(byte[] sorted, byte[] numbers, int from, int size, int typeBytes) {
        int n = size / typeBytes;
        if (typeBytes == Integer.BYTES) {
            fours(sorted, n, numbers, from);
        } else {
            for (int place = 0; place < typeBytes; place++) {
                for (int i = 0; i < n; i++) {
                    numbers[from + i * typeBytes + place] = sorted[place * n + i];
                }
            }
        }
        System.arraycopy(sorted, n * typeBytes, numbers, from + n * typeBytes, size - n * typeBytes);
    }

    /** Numbers of four bytes, written whole. */
    private static void fours(byte[] sorted, int n, byte[] numbers, int from) {
        for (int i = 0; i < n; i++) {
            int low = sorted[i] & 0xFF | (sorted[n + i] & 0xFF) << 8;
            int high = (sorted[2 * n + i] & 0xFF) << 16 | sorted[3 * n + i] << 24;
            INTS.set(numbers, from + Integer.BYTES * i, low | high);
        }
    }
}
