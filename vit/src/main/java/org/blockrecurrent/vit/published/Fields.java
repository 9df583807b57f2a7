package org.blockrecurrent.vit.published;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.blockrecurrent.tensor.io.FormatException;
import org.jspecify.annotations.Nullable;

/** The fields of a configuration that is not ours to define: what is there must be of its type, the rest has defaults. */
final class Fields {
    private final JsonObject json;
    private final String where;

    Fields(JsonObject json, String where) {
        this.json = json;
        this.where = where;
    }

    /** The file, and the path inside it. */
    String where() {
        return where;
    }

    Set<String> keys() {
        return json.keySet();
    }

    boolean has(String key) {
        return json.has(key) && !json.get(key).isJsonNull();
    }

    /** A whole number, positive or zero. */
    int number(String key, int otherwise) {
        return has(key) ? whole(key, json.get(key)) : otherwise;
    }

    double real(String key, double otherwise) {
        return has(key) ? decimal(key, json.get(key)).doubleValue() : otherwise;
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (json.get(key) instanceof JsonPrimitive value && value.isBoolean()) {
            return value.getAsBoolean();
        }
        throw wrong(key, "expected true or false, found " + json.get(key));
    }

    @Nullable
    String text(String key) {
        if (!has(key)) {
            return null;
        }
        if (json.get(key) instanceof JsonPrimitive value && value.isString()) {
            return value.getAsString();
        }
        throw wrong(key, "expected a text, found " + json.get(key));
    }

    /** Height and width from one number for both or a list of the two. */
    int[] size(String key, int[] otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (json.get(key).isJsonArray() && json.getAsJsonArray(key).size() == 2) {
            return new int[] {
                whole(key, json.getAsJsonArray(key).get(0)),
                whole(key, json.getAsJsonArray(key).get(1))
            };
        }
        int side = number(key, 0);
        return new int[] {side, side};
    }

    /** A list of numbers; empty if there is none. */
    List<Float> reals(String key) {
        List<Float> numbers = new ArrayList<>();
        if (has(key)) {
            if (!json.get(key).isJsonArray()) {
                throw wrong(key, "expected a list of numbers, found " + json.get(key));
            }
            json.getAsJsonArray(key)
                    .forEach(value -> numbers.add(decimal(key, value).floatValue()));
        }
        return numbers;
    }

    boolean isObject(String key) {
        return has(key) && json.get(key).isJsonObject();
    }

    /** An object in the object; empty if there is none. */
    Fields object(String key) {
        if (has(key) && !json.get(key).isJsonObject()) {
            throw wrong(key, "expected an object, found " + json.get(key));
        }
        return new Fields(has(key) ? json.getAsJsonObject(key) : new JsonObject(), where + ", " + key);
    }

    /** Whether the list of that key has an element that contains the text. */
    boolean mentions(String key, String text) {
        return has(key) && json.get(key).toString().contains(text);
    }

    FormatException wrong(String key, String problem) {
        return new FormatException(where, key + ": " + problem);
    }

    private int whole(String key, JsonElement value) {
        try {
            int number = decimal(key, value).intValueExact();
            if (number >= 0) {
                return number;
            }
        } catch (ArithmeticException e) {
            throw new FormatException(where, key + ": expected a whole number, found " + value, e);
        }
        throw wrong(key, "must not be negative, found " + value);
    }

    private BigDecimal decimal(String key, JsonElement value) {
        if (value instanceof JsonPrimitive number && number.isNumber()) {
            return number.getAsBigDecimal();
        }
        throw wrong(key, "expected a number, found " + value);
    }
}
