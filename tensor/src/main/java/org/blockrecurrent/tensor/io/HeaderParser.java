package org.blockrecurrent.tensor.io;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the JSON of a safetensors header as a stream: nothing is held but the entries. Stricter than a JSON library's
 * defaults: UTF-8 without faults or byte order mark, no key twice, numbers written as plain digits.
 */
final class HeaderParser {
    private static final int DEEPEST_NESTING = 16;
    private static final int LONGEST_NUMBER = 20;
    private static final int MOST_AXES = 1000; // far more than any library can make; the format has no limit
    private static final String METADATA = "__metadata__";

    private final Path file;
    private final JsonReader json;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();

    private HeaderParser(Path file, Reader text) {
        this.file = file;
        json = new JsonReader(text);
        json.setStrictness(Strictness.STRICT);
        json.setNestingLimit(DEEPEST_NESTING);
    }

    /** Parses all bytes of {@code header}. IO errors are the caller's. */
    static HeaderParser parse(Path file, InputStream header) throws IOException {
        try (Reader text = new BufferedReader(new InputStreamReader(header, StandardCharsets.UTF_8.newDecoder()))) {
            refuseByteOrderMark(file, text);
            HeaderParser parser = new HeaderParser(file, text);
            parser.parseHeader();
            return parser;
        } catch (CharacterCodingException e) {
            throw new FormatException(file, "the header is not valid UTF-8", e);
        } catch (MalformedJsonException | EOFException e) {
            throw new FormatException(file, "the header is not valid JSON", e);
        }
    }

    Map<String, String> metadata() {
        return metadata;
    }

    Map<String, TensorEntry> entries() {
        return entries;
    }

    private static void refuseByteOrderMark(Path file, Reader text) throws IOException {
        text.mark(1);
        if (text.read() == 0xFEFF) {
            throw new FormatException(file, "the header is not valid JSON: it begins with a byte order mark");
        }
        text.reset();
    }

    private void parseHeader() throws IOException {
        if (json.peek() != JsonToken.BEGIN_OBJECT) {
            throw new FormatException(
                    file, "the header is not valid JSON of the form {…}: it begins with " + json.peek());
        }
        Set<String> seen = new HashSet<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = key(seen, "");
            if (name.equals(METADATA)) {
                parseMetadata();
            } else {
                entries.put(name, parseEntry(name));
            }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw new FormatException(file, "the header is not valid JSON: text after the closing brace");
        }
    }

    private void parseMetadata() throws IOException {
        if (json.peek() == JsonToken.NULL) { // as the reader of Hugging Face takes it
            json.nextNull();
            return;
        }
        require(JsonToken.BEGIN_OBJECT, METADATA, "must be an object of strings");
        Set<String> seen = new HashSet<>();
        json.beginObject();
        while (json.hasNext()) {
            String key = key(seen, " in " + METADATA);
            require(JsonToken.STRING, METADATA, "the value of " + FormatException.shown(key) + " must be a string");
            metadata.put(key, wellFormed(json.nextString()));
        }
        json.endObject();
    }

    /** Fields other than the three are ignored, as the reader of Hugging Face does. */
    private TensorEntry parseEntry(String name) throws IOException {
        require(JsonToken.BEGIN_OBJECT, name, "must be an object with dtype, shape and data_offsets");
        Dtype dtype = null;
        long[] shape = null;
        long[] offsets = null;
        Set<String> seen = new HashSet<>();
        json.beginObject();
        while (json.hasNext()) {
            switch (key(seen, " of tensor " + FormatException.shown(name))) {
                case "dtype" -> dtype = dtype(name);
                case "shape" -> shape = integers(name, "shape");
                case "data_offsets" -> offsets = integers(name, "data_offsets");
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (dtype == null || shape == null || offsets == null) {
            throw invalid(name, (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets") + " is missing");
        }
        if (offsets.length != 2) {
            throw invalid(name, "data_offsets must be two numbers, got " + offsets.length);
        }
        return new TensorEntry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private Dtype dtype(String tensor) throws IOException {
        require(JsonToken.STRING, tensor, "dtype must be a string");
        String name = json.nextString();
        Dtype dtype = Dtype.named(name);
        if (dtype == null) {
            throw invalid(
                    tensor,
                    "unknown dtype " + FormatException.shown(name) + "; known are " + Arrays.toString(Dtype.values()));
        }
        return dtype;
    }

    private long[] integers(String tensor, String field) throws IOException {
        require(JsonToken.BEGIN_ARRAY, tensor, field + " must be an array of whole numbers");
        List<Long> numbers = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            require(JsonToken.NUMBER, tensor, field + " must hold whole numbers");
            numbers.add(unsigned(tensor, field, json.nextString()));
            if (numbers.size() > MOST_AXES) {
                throw invalid(tensor, field + " holds more than " + MOST_AXES + " numbers");
            }
        }
        json.endArray();
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private long unsigned(String tensor, String field, String digits) {
        boolean plain = digits.length() <= LONGEST_NUMBER && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        try {
            if (plain) {
                return Long.parseUnsignedLong(digits);
            }
        } catch (NumberFormatException e) {
            throw new FormatException(file, problem(tensor, field + " holds " + digits + ", more than 64 bits"), e);
        }
        throw invalid(tensor, field + " holds " + FormatException.shown(digits) + ", not a whole number of 64 bits");
    }

    private String key(Set<String> seen, String place) throws IOException {
        String name = wellFormed(json.nextName());
        if (!seen.add(name)) {
            throw new FormatException(file, "duplicate key " + FormatException.shown(name) + place);
        }
        return name;
    }

    /** JSON can escape half a surrogate pair, which is no character. */
    private String wellFormed(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new FormatException(
                    file, "the header is not valid JSON: lone surrogate in " + FormatException.shown(text));
        }
        return text;
    }

    private void require(JsonToken expected, String tensor, String problem) throws IOException {
        JsonToken found = json.peek();
        if (found != expected) {
            throw invalid(tensor, problem + ", found " + found);
        }
    }

    private FormatException invalid(String tensor, String problem) {
        return new FormatException(file, problem(tensor, problem));
    }

    private static String problem(String tensor, String problem) {
        return (tensor.equals(METADATA) ? "entry " : "tensor ") + FormatException.shown(tensor) + ": " + problem;
    }
}
