package org.blockrecurrent.tensor.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The values of one array as they lie in a file: elements of one type from some byte on, row-major and without gaps, or
 * strided. Reading converts; nothing is kept.
 *
 * <p>A strided array is gathered in the order in which its elements lie in the file, through one small window, so that a
 * view of two elements into a storage of gigabytes costs neither memory nor time.
 */
public final class StoredValues {
    private static final int WINDOW_BYTES = 1 << 13;

    private final PositionedFile file;
    private final String label;
    private final Dtype dtype;
    private final ByteOrder order;
    private final long position;
    private final Layout layout;

    /**
     * @param label how messages call the array, such as {@code tensor 'head.weight'}
     * @param position byte of the file at which the element of index 0 lies
     */
    public StoredValues(
            PositionedFile file, String label, Dtype dtype, ByteOrder order, long position, Layout layout) {
        this.file = file;
        this.label = label;
        this.dtype = dtype;
        this.order = order;
        this.position = position;
        this.layout = layout;
    }

    /** F32 as they are, F16 and BF16 widened, F64 and integers rounded to the nearest float. */
    public float[] floats() {
        float[] values = new float[size()];
        boolean plain = dtype == Dtype.F32;
        forEachRun((run, at, n) -> {
            if (plain && n > 1) {
                run.asFloatBuffer().get(values, at, n);
                return;
            }
            for (int i = at; i < at + n; i++) {
                values[i] = dtype.isInteger() ? integer(run) : (float) dtype.nextReal(run);
            }
        });
        return values;
    }

    /** As {@link #floats}, in double precision: everything but integers beyond 2⁵³ is exact. */
    public double[] doubles() {
        double[] values = new double[size()];
        forEachRun((run, at, n) -> {
            for (int i = at; i < at + n; i++) {
                values[i] = dtype.isInteger() ? integer(run) : dtype.nextReal(run);
            }
        });
        return values;
    }

    /** The values of an integer or boolean array; true is 1. Refuses floating-point arrays. */
    public long[] longs() {
        if (dtype.isReadable() && !dtype.isInteger()) {
            throw invalid("has dtype " + dtype + ", whole numbers are needed");
        }
        long[] values = new long[size()];
        forEachRun((run, at, n) -> {
            for (int i = at; i < at + n; i++) {
                values[i] = integer(run);
            }
        });
        return values;
    }

    private int size() {
        if (!dtype.isReadable()) {
            throw invalid("unsupported dtype " + dtype + ": convert the file to F32, F16 or BF16");
        }
        if (layout.elements() > Integer.MAX_VALUE) {
            throw invalid("has " + layout.elements() + " elements, more than an array can hold");
        }
        return (int) layout.elements();
    }

    private long integer(ByteBuffer data) {
        long value = dtype.nextLong(data);
        if (dtype == Dtype.U64 && value < 0) {
            throw invalid("holds " + Long.toUnsignedString(value) + ", more than 2^63 - 1");
        }
        return value;
    }

    /** {@code n} elements that come one after another, in the file and in the array; the first is element {@code at}. */
    private interface Runs {
        void accept(ByteBuffer run, int at, int n);
    }

    private void forEachRun(Runs runs) {
        if (layout.isRowMajor()) {
            long begin = position + layout.offset() * dtype.bytes();
            file.forEachChunk(begin, begin + layout.elements() * dtype.bytes(), (chunk, offset) -> {
                int n = chunk.remaining() / dtype.bytes();
                runs.accept(chunk.order(order), (int) (offset / dtype.bytes()), n);
            });
        } else {
            file.requireSameSize();
            Window window = new Window();
            layout.forEach((at, index) -> runs.accept(window.at(index), at, 1));
        }
    }

    private FormatException invalid(String problem) {
        return new FormatException(file.path(), label + ": " + problem);
    }

    /** The part of the file that was read last. */
    private final class Window {
        private final ByteBuffer bytes =
                ByteBuffer.allocate(WINDOW_BYTES).order(order).limit(0);
        private long begin;

        /** A buffer that stands at the element of the given index. */
        ByteBuffer at(long index) {
            long wanted = position + index * dtype.bytes();
            if (wanted < begin || wanted + dtype.bytes() > begin + bytes.limit()) {
                begin = wanted;
                bytes.clear().limit((int) Math.min(WINDOW_BYTES, file.bytes() - wanted));
                file.read(wanted, bytes);
            }
            return bytes.position((int) (wanted - begin));
        }
    }
}
