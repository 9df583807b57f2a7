package org.blockrecurrent.tensor.io;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Where the elements of an array lie in a storage: element (i₀, i₁, …) has index offset + Σ iₖ·strideₖ there. Extents and
 * strides are not negative and their products fit a long; who makes a layout has checked that.
 */
public final class Layout {
    private final long offset;
    private final long elements;
    private final long[] dims;
    private final long[] strides;

    private Layout(long offset, long elements, long[] dims, long[] strides) {
        this.offset = offset;
        this.elements = elements;
        this.dims = dims;
        this.strides = strides;
    }

    /** Elements one after another, from index 0 on. */
    public static Layout rowMajor(long elements) {
        return new Layout(0, elements, new long[] {elements}, new long[] {1});
    }

    /** Extents and strides in elements, outermost axis first. */
    public static Layout strided(long offset, long[] dims, long[] strides) {
        long elements = 1;
        for (long dim : dims) {
            elements *= dim;
        }
        return new Layout(offset, elements, dims.clone(), strides.clone());
    }

    long offset() {
        return offset;
    }

    long elements() {
        return elements;
    }

    /** True if the elements lie one after another in the order of the array; axes of extent 1 do not matter. */
    boolean isRowMajor() {
        long expected = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            if (dims[axis] != 1 && strides[axis] != expected) {
                return elements == 0;
            }
            expected *= dims[axis];
        }
        return true;
    }

    /** Element {@code at} of the array in row-major order has index {@code index} in the storage. */
    @FunctionalInterface
    interface Elements {
        void accept(int at, long index);
    }

    /** Visits every element once, the axis with the largest stride outermost. */
    void forEach(Elements visitor) {
        int[] axes = IntStream.range(0, dims.length)
                .filter(axis -> dims[axis] != 1)
                .boxed()
                .sorted(Comparator.comparingLong(axis -> -strides[axis]))
                .mapToInt(Integer::intValue)
                .toArray();
        forEach(axes, rowMajorStrides(), visitor);
    }

    private void forEach(int[] axes, int[] steps, Elements visitor) {
        long[] counter = new long[axes.length];
        int at = 0;
        long index = offset;
        for (long left = elements; left > 0; left--) {
            visitor.accept(at, index);
            for (int k = axes.length - 1; k >= 0; k--) {
                int axis = axes[k];
                if (++counter[k] < dims[axis]) {
                    at += steps[axis];
                    index += strides[axis];
                    break;
                }
                at -= (int) (dims[axis] - 1) * steps[axis];
                index -= (dims[axis] - 1) * strides[axis];
                counter[k] = 0;
            }
        }
    }

    private int[] rowMajorStrides() {
        int[] steps = new int[dims.length];
        int step = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            steps[axis] = step;
            step *= (int) dims[axis];
        }
        return steps;
    }
}
