package org.blockrecurrent.tensor.io.torch;

import org.blockrecurrent.tensor.io.Dtype;
import org.blockrecurrent.tensor.io.Layout;
import org.jspecify.annotations.Nullable;

/** A tensor as a view of a storage: element (i₀, i₁, …) lies at offset + Σ iₖ·strideₖ, counted in elements of its type. */
record TensorView(StorageReference storage, Dtype dtype, long offset, long[] dims, long[] strides) {
    /** As many as PyTorch allows. */
    private static final int MOST_AXES = 64;

    /**
     * Why this is no view of a storage of so many elements, or null if it is one. A view may repeat elements by a stride of
     * 0, but not have more of them than the storage.
     */
    @Nullable
    String problem(long storageElements) {
        if (dims.length != strides.length || dims.length > MOST_AXES) {
            return "has " + dims.length + " extents and " + strides.length
                    + " strides: they must be as many, and at most " + MOST_AXES;
        }
        if (offset < 0 || hasNegative(dims) || hasNegative(strides)) {
            return "has a negative extent, stride or offset";
        }
        try {
            long elements = elements();
            if (elements > 0 && (elements > storageElements || lastIndex() >= storageElements)) {
                return "is a view beyond its storage of " + storageElements + " elements";
            }
            return null;
        } catch (ArithmeticException e) {
            return "has a size that overflows 64 bits";
        }
    }

    Layout layout() {
        return Layout.strided(offset, dims, strides);
    }

    private long elements() {
        long elements = 1;
        for (long dim : dims) {
            elements = Math.multiplyExact(elements, dim);
        }
        return elements;
    }

    private long lastIndex() {
        long index = offset;
        for (int axis = 0; axis < dims.length; axis++) {
            index = Math.addExact(index, Math.multiplyExact(dims[axis] - 1, strides[axis]));
        }
        return index;
    }

    private static boolean hasNegative(long[] numbers) {
        for (long number : numbers) {
            if (number < 0) {
                return true;
            }
        }
        return false;
    }
}
