package org.blockrecurrent.vit.verify;

import java.nio.file.Path;
import java.util.Set;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.io.SafetensorsFile;

/**
 * Stored values: {@code NAME} as the official code computed it in float, {@code NAME.f64} the same in double, the truth. Their
 * largest difference is what float computing costs there, and so the measure of what another float computation may differ.
 */
final class GoldenValues implements AutoCloseable {
    private static final String IN_DOUBLE = ".f64";

    private final SafetensorsFile file;

    private GoldenValues(SafetensorsFile file) {
        this.file = file;
    }

    static GoldenValues open(Path file) {
        return new GoldenValues(SafetensorsFile.open(file));
    }

    Set<String> names() {
        return file.names();
    }

    boolean has(String name) {
        return file.names().contains(name);
    }

    /** True for what is to be computed again: it is there in both precisions. */
    boolean isGolden(String name) {
        return has(name) && has(name + IN_DOUBLE);
    }

    double[] truth(String name) {
        return file.doubles(name + IN_DOUBLE);
    }

    double[] inFloat(String name) {
        return file.doubles(name);
    }

    float[] floats(String name) {
        return file.floats(name);
    }

    long[] longs(String name) {
        return file.longs(name);
    }

    /** The float values on a backend. */
    Tensor tensor(Backend backend, String name) {
        return backend.tensor(file.shape(name), file.floats(name));
    }

    @Override
    public void close() {
        file.close();
    }
}
