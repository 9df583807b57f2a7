package org.blockrecurrent.raptor.verify;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Json;

/** A golden JSON object; what is missing or of another kind is a {@link FormatException} that names file and key. */
final class GoldenJson {
    private final Path file;
    private final String path;
    private final JsonElement json;

    private GoldenJson(Path file, String path, JsonElement json) {
        this.file = file;
        this.path = path;
        this.json = json;
    }

    static GoldenJson read(Path file) {
        return new GoldenJson(file, "", Json.tree(file));
    }

    boolean has(String key) {
        return object().has(key);
    }

    /** True if there is nothing or null. */
    boolean isNull(String key) {
        return !has(key) || object().get(key).isJsonNull();
    }

    GoldenJson at(String key) {
        JsonElement value = object().get(key);
        if (value == null) {
            throw new FormatException(file, "has no " + path + key);
        }
        return new GoldenJson(file, path + key + ".", value);
    }

    List<String> keys() {
        return List.copyOf(object().keySet());
    }

    List<GoldenJson> list() {
        List<GoldenJson> items = new ArrayList<>();
        for (JsonElement item : array()) {
            items.add(new GoldenJson(file, path + items.size() + ".", item));
        }
        return items;
    }

    double number() {
        if (!json.isJsonPrimitive() || !json.getAsJsonPrimitive().isNumber()) {
            throw expected("a number");
        }
        return json.getAsDouble();
    }

    int integer() {
        double number = number();
        if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
            throw expected("a whole number");
        }
        return (int) number;
    }

    String text() {
        if (!json.isJsonPrimitive() || !json.getAsJsonPrimitive().isString()) {
            throw expected("a text");
        }
        return json.getAsString();
    }

    boolean flag() {
        if (!json.isJsonPrimitive() || !json.getAsJsonPrimitive().isBoolean()) {
            throw expected("true or false");
        }
        return json.getAsBoolean();
    }

    /** Numbers of a list, whose items may be lists themselves. */
    double[] numbers() {
        return list().stream()
                .flatMap(item -> item.json.isJsonArray() ? item.list().stream() : java.util.stream.Stream.of(item))
                .mapToDouble(GoldenJson::number)
                .toArray();
    }

    int[] integers() {
        return list().stream().mapToInt(GoldenJson::integer).toArray();
    }

    List<String> texts() {
        return list().stream().map(GoldenJson::text).toList();
    }

    private JsonObject object() {
        if (!json.isJsonObject()) {
            throw expected("an object");
        }
        return json.getAsJsonObject();
    }

    private JsonArray array() {
        if (!json.isJsonArray()) {
            throw expected("a list");
        }
        return json.getAsJsonArray();
    }

    private FormatException expected(String what) {
        return new FormatException(file, path + ": expected " + what);
    }
}
