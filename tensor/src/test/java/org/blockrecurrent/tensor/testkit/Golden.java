package org.blockrecurrent.tensor.testkit;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.blockrecurrent.tensor.Shape;

/**
 * Values that the official code computed, from a safetensors file. Beside a float tensor {@code name} there may be {@code
 * name.f64}, the same computed in doubles: the truth, and the measure of what floats can do.
 */
public final class Golden {
    private static final String IN_DOUBLES = ".f64";

    private final String where;
    private final JsonObject header;
    private final ByteBuffer data;

    private Golden(String where, byte[] bytes) {
        this.where = where;
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(file.getLong());
        header = JsonParser.parseString(new String(bytes, Long.BYTES, headerLength, StandardCharsets.UTF_8))
                .getAsJsonObject();
        header.remove("__metadata__");
        int start = Long.BYTES + headerLength;
        data = file.slice(start, bytes.length - start).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A resource of the test class path, such as {@code /golden/ops/ops.safetensors}. */
    public static Golden resource(String path) {
        try (InputStream in = Golden.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no golden file " + path + " among the test resources");
            }
            return new Golden(path, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file anywhere, such as one of the large ones below {@code RAPTOR_FIXTURES}. */
    public static Golden file(Path path) {
        try {
            return new Golden(path.toString(), Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Set<String> names() {
        return new TreeSet<>(header.keySet());
    }

    public boolean has(String name) {
        return header.has(name);
    }

    public Shape shape(String name) {
        JsonArray extents = entry(name).getAsJsonArray("shape");
        int[] dims = new int[extents.size()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = extents.get(i).getAsInt();
        }
        return Shape.of(dims);
    }

    /** The values of a tensor of floats, doubles or 32-bit integers. */
    public double[] doubles(String name) {
        JsonObject entry = entry(name);
        ByteBuffer bytes = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(entry.getAsJsonArray("data_offsets").get(0).getAsInt());
        String dtype = entry.get("dtype").getAsString();
        double[] values = new double[shape(name).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (dtype) {
                case "F32" -> bytes.getFloat();
                case "F64" -> bytes.getDouble();
                case "I32" -> bytes.getInt();
                default -> throw new IllegalArgumentException(where + ": " + name + " is " + dtype);
            };
        }
        return values;
    }

    public float[] floats(String name) {
        return OpRun.toFloats(doubles(name));
    }

    /** The values computed in doubles. */
    public double[] truth(String name) {
        return doubles(name + IN_DOUBLES);
    }

    /** The largest difference between the values computed in floats and in doubles. */
    public double noise(String name) {
        double[] truth = truth(name);
        double[] floats = doubles(name);
        double largest = 0;
        for (int i = 0; i < truth.length; i++) {
            largest = Math.max(largest, Math.abs(floats[i] - truth[i]));
        }
        return largest;
    }

    /** Fails unless {@code got} is the truth within the tolerance; returns the share of it that was used up. */
    public double require(Tolerance tolerance, String name, double[] got) {
        return tolerance.require(where + ", " + name, got, truth(name), noise(name));
    }

    private JsonObject entry(String name) {
        if (!header.has(name)) {
            throw new IllegalArgumentException(where + " holds no " + name);
        }
        return header.getAsJsonObject(name);
    }
}
