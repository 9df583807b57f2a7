package org.blockrecurrent.raptor.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;

/** A file of golden tensors, which notes what was asked for. */
final class GoldenTensors implements AutoCloseable {
    /** The official teachers have four. */
    private static final int REGISTERS = 4;

    private final SafetensorsFile file;
    private final Set<String> used = new TreeSet<>();

    GoldenTensors(Path file) {
        this.file = SafetensorsFile.open(file);
    }

    TensorFile file() {
        return file;
    }

    boolean has(String key) {
        return file.names().contains(key);
    }

    /** What follows a prefix in the keys that have it, in alphabetical order. */
    Set<String> under(String prefix) {
        Set<String> names = new TreeSet<>();
        for (String key : file.names()) {
            if (key.startsWith(prefix)) {
                names.add(key.substring(prefix.length()));
            }
        }
        return names;
    }

    int[] shape(String key) {
        return file.shape(key).dims();
    }

    double[] doubles(String key) {
        used.add(key);
        return file.doubles(key);
    }

    long[] longs(String key) {
        used.add(key);
        return file.longs(key);
    }

    Tensor tensor(Backend backend, String key) {
        used.add(key);
        return backend.tensor(file.shape(key), file.floats(key));
    }

    /** {@code (B, L, …)} at one index of the second axis: {@code (B, …)}. */
    double[] slice(String key, int index) {
        return slice(doubles(key), shape(key), index);
    }

    private static double[] slice(double[] all, int[] dims, int index) {
        int inner = all.length / dims[0] / dims[1];
        double[] slice = new double[dims[0] * inner];
        for (int b = 0; b < dims[0]; b++) {
            System.arraycopy(all, (b * dims[1] + index) * inner, slice, b * inner, inner);
        }
        return slice;
    }

    /** The states of a {@code (B, L + 1, N, D)} tensor. */
    Trajectory trajectory(Backend backend, String key) {
        List<Tensor> states = new ArrayList<>();
        for (int layer = 0; layer < shape(key)[1]; layer++) {
            states.add(state(backend, key, layer));
        }
        return new Trajectory(states, layout(shape(key)[2]));
    }

    /** One index of the second axis of a {@code (B, L, N, D)} tensor, {@code (B, N, D)}. */
    Tensor state(Backend backend, String key, int index) {
        int[] dims = shape(key);
        return backend.tensor(Shape.of(dims[0], dims[2], dims[3]), floats(slice(key, index)));
    }

    /** One cls token, four registers, and patches. */
    static TokenLayout layout(int tokens) {
        return new TokenLayout(REGISTERS, tokens - 1 - REGISTERS);
    }

    static float[] floats(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    /** Trainable parameters from the keys under a prefix. */
    ParameterSource source(Backend backend, String prefix) {
        return ParameterSource.of(backend, (parameter, shape, initializer) -> {
            used.add(prefix + parameter);
            return file.floats(prefix + parameter);
        });
    }

    /** Keys that nobody has asked for. */
    Set<String> unused() {
        Set<String> unused = new TreeSet<>(file.names());
        unused.removeAll(used);
        return unused;
    }

    @Override
    public void close() {
        file.close();
    }
}
