package org.blockrecurrent.tensor.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The values of one array in a file: elements of one type, in runs that some source hands out. Reading converts; nothing is
 * kept.
 */
public final class StoredValues {
    private final Object where;
    private final String label;
    private final Dtype dtype;
    private final long elements;
    private final Source source;

    /** {@code n} elements that come one after another, in the file and in the array; the first is element {@code at}. */
    @FunctionalInterface
    public interface Runs {
        void accept(ByteBuffer run, int at, int n);
    }

    /** Hands out every element of the array once. */
    @FunctionalInterface
    public interface Source {
        void forEachRun(Runs runs);
    }

    /**
     * @param where names the file in messages
     * @param label how messages call the array, such as {@code tensor 'head.weight'}
     */
    public StoredValues(Object where, String label, Dtype dtype, long elements, Source source) {
        this.where = where;
        this.label = label;
        this.dtype = dtype;
        this.elements = elements;
        this.source = source;
    }

    /**
     * Elements that lie in an open file by some layout.
     *
     * @param position byte of the file at which the element of index 0 lies
     */
    public static StoredValues in(
            PositionedFile file, String label, Dtype dtype, ByteOrder order, long position, Layout layout) {
        Source source = new LaidOutValues(file, dtype, order, position, layout);
        return new StoredValues(file.path(), label, dtype, layout.elements(), source);
    }

    /** Elements that lie in memory by some layout, in the byte order of the buffer; index 0 is its first byte. */
    public static StoredValues in(Object where, String label, Dtype dtype, ByteBuffer data, Layout layout) {
        Source source = runs -> {
            if (layout.isRowMajor()) {
                runs.accept(data.slice().order(data.order()), 0, (int) layout.elements());
            } else {
                layout.forEach((at, index) -> runs.accept(data.position((int) index * dtype.bytes()), at, 1));
            }
        };
        return new StoredValues(where, label, dtype, layout.elements(), source);
    }

    /** F32 as they are, F16 and BF16 widened, F64 and integers rounded to the nearest float. */
    public float[] floats() {
        float[] values = new float[size()];
        boolean plain = dtype == Dtype.F32;
        source.forEachRun((run, at, n) -> {
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
        source.forEachRun((run, at, n) -> {
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
        source.forEachRun((run, at, n) -> {
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
        if (elements > Integer.MAX_VALUE) {
            throw invalid("has " + elements + " elements, more than an array can hold");
        }
        return (int) elements;
    }

    private long integer(ByteBuffer data) {
        long value = dtype.nextLong(data);
        if (dtype == Dtype.U64 && value < 0) {
            throw invalid("holds " + Long.toUnsignedString(value) + ", more than 2^63 - 1");
        }
        return value;
    }

    private FormatException invalid(String problem) {
        return new FormatException(where, label + ": " + problem);
    }
}
