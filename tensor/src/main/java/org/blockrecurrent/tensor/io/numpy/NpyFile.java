package org.blockrecurrent.tensor.io.numpy;

import java.io.IOException;
import java.nio.file.Path;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.blockrecurrent.tensor.io.StoredValues;
import org.blockrecurrent.tensor.io.TensorFile;

/**
 * One array in a {@code .npy} file, read strictly; numbers and booleans of either byte order, in C or Fortran order. Values
 * are given row-major.
 *
 * <p>Source: numpy 2.4, numpy/lib/_format_impl.py.
 */
public final class NpyFile implements AutoCloseable {
    private final PositionedFile file;
    private final NpyHeader header;

    private NpyFile(PositionedFile file, NpyHeader header) {
        this.file = file;
        this.header = header;
    }

    /** Opens the file and checks its header. */
    public static NpyFile open(Path path) {
        return PositionedFile.open(path, NpyFile::of);
    }

    /** The same for a file that is open. */
    public static NpyFile of(PositionedFile file) throws IOException {
        return new NpyFile(file, NpyHeader.read(file.section(0, file.bytes()), file.path(), file.bytes()));
    }

    public Shape shape() {
        return TensorFile.shape(file.path(), "", header.dims());
    }

    /** Element type as safetensors calls it, such as {@code F32}. */
    public String dtype() {
        return header.dtype().name();
    }

    /** The values, rounded to the nearest float. */
    public float[] floats() {
        return values().floats();
    }

    /** The values; exact but for integers beyond 2⁵³. */
    public double[] doubles() {
        return values().doubles();
    }

    /** The values of an array of integers or booleans. */
    public long[] longs() {
        return values().longs();
    }

    @Override
    public void close() {
        file.close();
    }

    private StoredValues values() {
        return StoredValues.in(file, "the array", header.dtype(), header.order(), header.dataAt(), header.layout());
    }
}
