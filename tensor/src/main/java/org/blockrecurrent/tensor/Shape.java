package org.blockrecurrent.tensor;

import java.util.Arrays;
import java.util.StringJoiner;

/** The extents of a row-major array, outermost first. The empty shape {@code ()} is a scalar. */
public final class Shape {
    private final int[] dims;
    private final int size;

    private Shape(int[] dims) {
        this.dims = dims;
        long product = 1;
        for (int dim : dims) {
            if (dim < 0) {
                throw new ShapeException("negative extent in " + describe(dims));
            }
            product *= dim;
            if (product > Integer.MAX_VALUE) {
                throw new ShapeException(describe(dims) + " has more than 2^31 - 1 elements: split the batch");
            }
        }
        size = (int) product;
    }

    public static Shape of(int... dims) {
        return new Shape(dims.clone());
    }

    public int rank() {
        return dims.length;
    }

    /** Extent of an axis; negative axes count from the last, as in {@code dim(-1)}. */
    public int dim(int axis) {
        return dims[axis < 0 ? dims.length + axis : axis];
    }

    public int[] dims() {
        return dims.clone();
    }

    /** Number of elements. */
    public int size() {
        return size;
    }

    /** Extent of the last axis; 1 for a scalar. */
    public int last() {
        return dims.length == 0 ? 1 : dims[dims.length - 1];
    }

    /** Number of rows when all axes but the last are taken as one. */
    public int rows() {
        return last() == 0 ? 0 : size / last();
    }

    /** This shape with another last extent: {@code (B, N, D) → (B, N, last)}. */
    public Shape withLast(int last) {
        int[] changed = dims.clone();
        changed[changed.length - 1] = last;
        return new Shape(changed);
    }

    /** True if {@code other} equals the trailing axes of this shape, so that it can be broadcast over the leading ones. */
    public boolean endsWith(Shape other) {
        int offset = dims.length - other.dims.length;
        return offset >= 0 && Arrays.equals(dims, offset, dims.length, other.dims, 0, other.dims.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return describe(dims);
    }

    private static String describe(int[] dims) {
        StringJoiner text = new StringJoiner(", ", "(", ")");
        for (int dim : dims) {
            text.add(Integer.toString(dim));
        }
        return text.toString();
    }
}
