package org.blockrecurrent.tensor.io;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Parses JSON as RFC 8259 has it, and stricter: no key twice, no lone surrogates, at most 64 levels, finite numbers. */
final class JsonTree {
    private static final int DEEPEST_NESTING = 64;
    private static final int LONGEST_NUMBER = 64;

    private final String where;
    private final JsonReader json;

    private JsonTree(String text, String where) {
        this.where = where;
        json = new JsonReader(new StringReader(text));
        json.setStrictness(Strictness.STRICT);
        json.setNestingLimit(DEEPEST_NESTING);
    }

    static JsonElement parse(String text, String where) {
        JsonTree tree = new JsonTree(text, where);
        if (text.startsWith("\uFEFF")) {
            throw new FormatException(where, "is not valid JSON: it begins with a byte order mark");
        }
        try {
            JsonElement element = tree.element();
            if (tree.json.peek() != JsonToken.END_DOCUMENT) {
                throw tree.invalid("text after the end");
            }
            return element;
        } catch (MalformedJsonException | EOFException e) {
            throw new FormatException(where, "is not valid JSON" + tree.place(), e);
        } catch (IOException e) {
            throw new FormatException(where, "cannot be read" + tree.place(), e);
        }
    }

    private JsonElement element() throws IOException {
        return switch (json.peek()) {
            case BEGIN_OBJECT -> object();
            case BEGIN_ARRAY -> array();
            case STRING -> new JsonPrimitive(wellFormed(json.nextString()));
            case NUMBER -> number(json.nextString());
            case BOOLEAN -> new JsonPrimitive(json.nextBoolean());
            case NULL -> {
                json.nextNull();
                yield JsonNull.INSTANCE;
            }
            default -> throw invalid("unexpected " + json.peek());
        };
    }

    private JsonObject object() throws IOException {
        JsonObject object = new JsonObject();
        json.beginObject();
        while (json.hasNext()) {
            String key = wellFormed(json.nextName());
            if (object.has(key)) {
                throw invalid("duplicate key " + FormatException.shown(key));
            }
            object.add(key, element());
        }
        json.endObject();
        return object;
    }

    private JsonArray array() throws IOException {
        JsonArray array = new JsonArray();
        json.beginArray();
        while (json.hasNext()) {
            array.add(element());
        }
        json.endArray();
        return array;
    }

    private JsonPrimitive number(String text) {
        if (text.length() > LONGEST_NUMBER || Double.isInfinite(Double.parseDouble(text))) {
            throw invalid("number too large: " + FormatException.shown(text));
        }
        try {
            return new JsonPrimitive(new BigDecimal(text));
        } catch (NumberFormatException e) { // an exponent of more than ten digits: far below what a double can hold
            throw invalid("number with too long an exponent: " + FormatException.shown(text));
        }
    }

    private String wellFormed(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw invalid("lone surrogate in " + FormatException.shown(text));
        }
        return text;
    }

    private FormatException invalid(String problem) {
        return new FormatException(where, "is not valid JSON" + place() + ": " + problem);
    }

    private String place() {
        return " at " + FormatException.shown(json.getPath());
    }
}
