package org.blockrecurrent.raptor.golden;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.ParameterSource;

/**
 * A golden safetensors file among the test resources. It has a reader of its own, because the product's reads F64 as
 * floats, and these values are what it is held against.
 */
public final class GoldenFile {
    private static final String FOLDER = "/golden/";

    private final String name;
    private final JsonObject header;
    private final ByteBuffer data;

    /** {@code raptor/block/swiglu_tscale}, without the ending. */
    public GoldenFile(String name) {
        this.name = name;
        ByteBuffer file = ByteBuffer.wrap(bytes(name + ".safetensors")).order(ByteOrder.LITTLE_ENDIAN);
        byte[] json = new byte[Math.toIntExact(file.getLong())];
        file.get(json);
        header =
                JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
        data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A golden JSON file. */
    public static JsonObject json(String name) {
        return JsonParser.parseString(new String(bytes(name + ".json"), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    public boolean has(String key) {
        return header.has(key);
    }

    /** What follows a prefix in the keys that have it, in alphabetical order. */
    public Set<String> under(String prefix) {
        Set<String> names = new TreeSet<>();
        for (String key : header.keySet()) {
            if (key.startsWith(prefix)) {
                names.add(key.substring(prefix.length()));
            }
        }
        return names;
    }

    public int[] shape(String key) {
        return entry(key).getAsJsonArray("shape").asList().stream()
                .mapToInt(e -> e.getAsInt())
                .toArray();
    }

    public double[] doubles(String key) {
        boolean wide = entry(key).get("dtype").getAsString().equals("F64");
        int from = entry(key).getAsJsonArray("data_offsets").get(0).getAsInt();
        double[] values = new double[Shape.of(shape(key)).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = wide ? data.getDouble(from + 8 * i) : data.getFloat(from + 4 * i);
        }
        return values;
    }

    public float[] floats(String key) {
        double[] values = doubles(key);
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    public Tensor tensor(Backend backend, String key) {
        return backend.tensor(Shape.of(shape(key)), floats(key));
    }

    /** {@code (B, L, …)} at one index of the second axis: {@code (B, …)}. */
    public double[] slice(String key, int index) {
        int[] dims = shape(key);
        double[] all = doubles(key);
        int inner = all.length / dims[0] / dims[1];
        double[] slice = new double[dims[0] * inner];
        for (int b = 0; b < dims[0]; b++) {
            System.arraycopy(all, (b * dims[1] + index) * inner, slice, b * inner, inner);
        }
        return slice;
    }

    /** {@link #slice} of a (B, L, N, D) tensor as (B, N, D). */
    public Tensor sliceTensor(Backend backend, String key, int index) {
        int[] dims = shape(key);
        double[] values = slice(key, index);
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return backend.tensor(Shape.of(dims[0], dims[2], dims[3]), narrow);
    }

    /** Trainable parameters from the keys under a prefix. */
    public ParameterSource source(Backend backend, String prefix) {
        return ParameterSource.of(backend, (parameter, shape, initializer) -> floats(prefix + parameter));
    }

    private JsonObject entry(String key) {
        if (!header.has(key)) {
            throw new IllegalArgumentException(name + " has no tensor " + key);
        }
        return header.getAsJsonObject(key);
    }

    private static byte[] bytes(String file) {
        try (InputStream stream = GoldenFile.class.getResourceAsStream(FOLDER + file)) {
            if (stream == null) {
                throw new IllegalStateException("test resource " + FOLDER + file + " is missing");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
