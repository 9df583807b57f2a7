package org.blockrecurrent.tensor.io;

import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;

/**
 * Named arrays in a file or in several. Opening reads no values; each call of {@link #floats} and the like reads one tensor
 * anew.
 * Every method that takes a name throws a {@link FormatException} if the file has no such tensor.
 */
public interface TensorFile extends AutoCloseable {
    /** How messages call it: the path. */
    String where();

    /** The tensors, in the order of the file. */
    Set<String> names();

    /** Throws a {@link FormatException} if the tensor has more elements or a longer axis than {@link Shape} can say. */
    Shape shape(String name);

    /** Element type as safetensors calls it, such as {@code F32}. */
    String dtype(String name);

    /** The values, row-major: F32 as they are, F16 and BF16 widened, F64 and integers rounded to the nearest float. */
    float[] floats(String name);

    /** As {@link #floats}, in double precision: everything but integers beyond 2⁵³ is exact. */
    double[] doubles(String name);

    /** The values of an integer or boolean tensor; true is 1. Refuses floating-point tensors. */
    long[] longs(String name);

    /** Free text beside the tensors; empty if there is none. */
    Map<String, String> metadata();

    @Override
    void close();

    /** The shape of those extents, unsigned 64-bit; throws a {@link FormatException} if it is larger than any {@link Shape}. */
    static Shape shape(Object where, String name, long[] extents) {
        int[] dims = new int[extents.length];
        try {
            for (int i = 0; i < dims.length; i++) {
                dims[i] = Math.toIntExact(extents[i]);
            }
            return Shape.of(dims);
        } catch (ArithmeticException | ShapeException e) {
            throw new FormatException(
                    where, "tensor " + FormatException.shown(name) + " has an axis or more elements than 2^31 - 1", e);
        }
    }
}
