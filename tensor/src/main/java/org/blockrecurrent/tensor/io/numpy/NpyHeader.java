package org.blockrecurrent.tensor.io.numpy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.blockrecurrent.tensor.io.Dtype;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Layout;

/**
 * The header of a {@code .npy} file, and what follows from it.
 *
 * <pre>
 *   93 'NUMPY'  major minor   length (2 bytes, or 4 since version 2), little-endian
 *   {'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }   spaces   line feed
 *   the values, and nothing after them
 * </pre>
 *
 * @param dataAt where the values begin
 * @param dims extents, their product times the size of an element being what follows the header
 */
record NpyHeader(Dtype dtype, ByteOrder order, boolean fortranOrder, long[] dims, int dataAt) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int NEWEST_VERSION = 3;
    /** Far more than three keys and 64 extents need. */
    private static final long LONGEST = 1 << 16;

    /**
     * Reads the header from the begin of a stream.
     *
     * @param where names the array in messages
     * @param bytes how many there are from there to the end of the array
     */
    static NpyHeader read(InputStream in, Object where, long bytes) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(Arrays.copyOf(start, MAGIC.length), MAGIC)) {
            throw new FormatException(where, "is not a .npy file: it does not begin with 93 'NUMPY'");
        }
        int version = start[MAGIC.length];
        if (version < 1 || version > NEWEST_VERSION || start[MAGIC.length + 1] != 0) {
            throw new FormatException(
                    where, "has version " + version + "." + start[MAGIC.length + 1] + "; known are 1.0, 2.0 and 3.0");
        }
        byte[] lengthBytes = in.readNBytes(version == 1 ? 2 : 4);
        long length = 0;
        for (int i = lengthBytes.length - 1; i >= 0; i--) {
            length = length << Byte.SIZE | lengthBytes[i] & 0xFF;
        }
        long dataAt = start.length + lengthBytes.length + length;
        if (lengthBytes.length < 2 || dataAt > bytes) {
            throw new FormatException(
                    where, "claims a header of " + length + " bytes, more than there are: it is cut short");
        }
        if (length > LONGEST) {
            throw new FormatException(where, "claims a header of " + length + " bytes, more than any array needs");
        }
        String text = new String(in.readNBytes((int) length), StandardCharsets.ISO_8859_1);
        return new NpyHeaderParser(where, text).parse((int) dataAt).requireBytes(where, bytes);
    }

    /** Elements in the order of their indices, however they lie in the file. */
    Layout layout() {
        long[] strides = new long[dims.length];
        long stride = 1;
        for (int i = 0; i < dims.length; i++) {
            int axis = fortranOrder ? i : dims.length - 1 - i;
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return Layout.strided(0, dims, strides);
    }

    private NpyHeader requireBytes(Object where, long bytes) {
        long needed = dtype.bytes();
        try {
            for (long dim : dims) {
                needed = Math.multiplyExact(needed, dim);
            }
        } catch (ArithmeticException e) {
            throw new FormatException(where, "its shape " + Arrays.toString(dims) + " overflows 64 bits", e);
        }
        if (needed != bytes - dataAt) {
            throw new FormatException(
                    where,
                    "its shape " + Arrays.toString(dims) + " needs " + needed + " bytes of " + dtype + ", but "
                            + (bytes - dataAt) + " follow the header: it is cut short or has been appended to");
        }
        return this;
    }
}
