package org.blockrecurrent.raptor.store.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The stores that Zarr itself wrote, and what it reads from them. */
public final class GoldenStores {
    private static final int NPY_HEADER = 10;

    private GoldenStores() {}

    public static Path folder(String name) {
        return resource("/golden/zarr/" + name);
    }

    public static Path resource(String name) {
        try {
            return Path.of(GoldenStores.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonObject expected() {
        return JsonParser.parseString(text(resource("/golden/zarr/EXPECTED.json")))
                .getAsJsonObject();
    }

    /** Names of the stores of which that is to be done: {@code equal}, {@code refuse}, {@code report hole}. */
    static Stream<String> thatMust(String what) {
        JsonObject all = expected();
        return all.keySet().stream()
                .filter(name ->
                        all.getAsJsonObject(name).get("must").getAsString().equals(what));
    }

    static List<String> strings(String store, String key) {
        JsonArray array = expected().getAsJsonObject(store).getAsJsonArray(key);
        return array.asList().stream().map(e -> e.getAsString()).toList();
    }

    /** What Zarr reads: in a hole the fill value. The files are {@code <f4} and row-major. */
    public static float[] values(String store) {
        Path file = folder(expected().getAsJsonObject(store).get("values").getAsString());
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            int header = NPY_HEADER + bytes.getShort(NPY_HEADER - Short.BYTES);
            float[] values = new float[(bytes.limit() - header) / Float.BYTES];
            bytes.position(header).asFloatBuffer().get(values);
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
