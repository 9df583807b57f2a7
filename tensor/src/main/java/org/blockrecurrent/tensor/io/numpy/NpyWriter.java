package org.blockrecurrent.tensor.io.numpy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.io.AtomicFile;

/** Writes an array as {@code .npy}, version 1.0, row-major, little-endian, atomically; the values begin at a multiple of 64. */
public final class NpyWriter {
    private static final int ALIGNMENT = 64;
    private static final int PREFIX_BYTES = 10;
    private static final int CHUNK_ELEMENTS = 1 << 13;

    private NpyWriter() {}

    /** Puts elements {@code from} (inclusive) to {@code to} (exclusive). */
    private interface Filler {
        void put(ByteBuffer chunk, int from, int to);
    }

    /** Writes {@code <f4}. */
    public static void write(Path file, Shape shape, float[] values) {
        write(file, "<f4", shape, values.length, Float.BYTES, (chunk, from, to) -> {
            for (int i = from; i < to; i++) {
                chunk.putFloat(values[i]);
            }
        });
    }

    /** Writes {@code <f8}. */
    public static void write(Path file, Shape shape, double[] values) {
        write(file, "<f8", shape, values.length, Double.BYTES, (chunk, from, to) -> {
            for (int i = from; i < to; i++) {
                chunk.putDouble(values[i]);
            }
        });
    }

    /** Writes {@code <i8}. */
    public static void write(Path file, Shape shape, long[] values) {
        write(file, "<i8", shape, values.length, Long.BYTES, (chunk, from, to) -> {
            for (int i = from; i < to; i++) {
                chunk.putLong(values[i]);
            }
        });
    }

    private static void write(Path file, String type, Shape shape, int values, int elementBytes, Filler filler) {
        if (values != shape.size()) {
            throw new ShapeException(shape + " needs " + shape.size() + " values, got " + values);
        }
        AtomicFile.write(file, out -> {
            out.write(header(type, shape));
            writeValues(out, values, elementBytes, filler);
        });
    }

    private static void writeValues(OutputStream out, int values, int elementBytes, Filler filler) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_ELEMENTS * elementBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0, n; from < values; from += n) {
            n = Math.min(CHUNK_ELEMENTS, values - from);
            filler.put(chunk.clear(), from, from + n);
            out.write(chunk.array(), 0, chunk.position());
        }
    }

    private static byte[] header(String type, Shape shape) {
        String extents = Arrays.stream(shape.dims()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String tuple = "(" + extents + (shape.rank() == 1 ? ",)" : ")");
        String dict = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + tuple + ", }";
        int unpadded = PREFIX_BYTES + dict.length() + 1;
        String text = dict + " ".repeat((ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT) + "\n";
        ByteBuffer header = ByteBuffer.allocate(PREFIX_BYTES + text.length()).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        return header.putShort((short) text.length())
                .put(text.getBytes(StandardCharsets.US_ASCII))
                .array();
    }
}
