package org.blockrecurrent.tensor.io;

/** One tensor of a safetensors header. Extents are unsigned 64-bit; {@code begin} and {@code end} count data bytes. */
record TensorEntry(String name, Dtype dtype, long[] dims, long begin, long end) {
    private static final long HUGE = -1;

    /** Number of elements, or {@link #isHuge huge}; multiplied from the left, so that a zero absorbs what follows it. */
    long elements() {
        long product = 1;
        for (long dim : dims) {
            product = times(product, dim);
            if (product == HUGE) {
                return HUGE;
            }
        }
        return product;
    }

    /** Bits that the values take, or {@link #isHuge huge}. */
    long dataBits() {
        long elements = elements();
        return elements == HUGE ? HUGE : times(elements, dtype.bits());
    }

    /** True for the outcome of an unsigned product that does not fit 64 bits. */
    static boolean isHuge(long product) {
        return product == HUGE;
    }

    /** Unsigned product; the one product that is 2⁶⁴ − 1 by right counts as too large as well. */
    private static long times(long a, long b) {
        boolean overflows = a != 0 && Long.compareUnsigned(b, Long.divideUnsigned(HUGE, a)) > 0;
        return overflows ? HUGE : a * b;
    }
}
