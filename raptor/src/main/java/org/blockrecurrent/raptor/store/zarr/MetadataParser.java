package org.blockrecurrent.raptor.store.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.blockrecurrent.tensor.io.FormatException;
import org.jspecify.annotations.Nullable;

/**
 * Turns the JSON of {@code .zarray} into {@link ZarrMetadata}. Every key that the specification asks for must be there and
 * have a value that this reader can follow; other keys cannot change the meaning of these and are passed over.
 */
final class MetadataParser {
    static final String BLOSC = "blosc";

    private static final Set<String> CODECS = Set.of("zstd", "lz4", "lz4hc", "blosclz", "zlib");
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final int BIT_SHUFFLE = 2;
    private static final int HIGHEST_LEVEL = 9;
    /** The largest Java array of bytes, with room for the header of a Blosc frame that is stored as it is. */
    private static final long LARGEST_CHUNK = Integer.MAX_VALUE - 64;

    private final Path file;

    MetadataParser(Path file) {
        this.file = file;
    }

    ZarrMetadata parse(JsonElement json) {
        if (!(json instanceof JsonObject object)) {
            throw invalid("expected an object");
        }
        requireVersion(get(object, "zarr_format"));
        ElementType type = type(get(object, "dtype"));
        require(isText(get(object, "order"), "C"), "order " + get(object, "order") + " is not supported, only \"C\"");
        JsonElement filters = get(object, "filters");
        boolean unfiltered = filters.isJsonNull() || filters instanceof JsonArray list && list.isEmpty();
        require(unfiltered, "filters are not supported: " + shown(filters));
        return new ZarrMetadata(
                grid(extents(object, "shape"), extents(object, "chunks"), type),
                type,
                compressor(get(object, "compressor")),
                fillValue(get(object, "fill_value")),
                separator(object.get("dimension_separator")));
    }

    private void requireVersion(JsonElement version) {
        require(
                integer(version) == 2,
                "zarr_format " + shown(version) + " is not supported; write it with zarr_format=2");
    }

    private ElementType type(JsonElement dtype) {
        ElementType type = isString(dtype) ? ElementType.of(dtype.getAsString()) : null;
        if (type == null) {
            throw invalid("dtype " + shown(dtype) + " is not supported; '<f4' and '<f2' are");
        }
        return type;
    }

    /** Throws unless both have the same axes and neither holds more numbers than can be counted. */
    ChunkGrid grid(int[] shape, int[] chunks, ElementType type) {
        require(shape.length == chunks.length, "shape has " + shape.length + " axes, chunks has " + chunks.length);
        product("shape", shape, Long.MAX_VALUE / type.bytes());
        product("chunks", chunks, LARGEST_CHUNK / type.bytes());
        return new ChunkGrid(shape, chunks);
    }

    private int[] extents(JsonObject object, String key) {
        if (!(get(object, key) instanceof JsonArray array) || array.isEmpty()) {
            throw invalid(key + ": expected a list of extents");
        }
        int[] extents = new int[array.size()];
        for (int axis = 0; axis < extents.length; axis++) {
            long extent = integer(array.get(axis));
            require(
                    extent >= 1 && extent <= Integer.MAX_VALUE,
                    key + ": extent " + shown(array.get(axis)) + " is not in 1 … 2^31 - 1");
            extents[axis] = (int) extent;
        }
        return extents;
    }

    private void product(String key, int[] extents, long largest) {
        long product = 1;
        for (int extent : extents) {
            require(product <= largest / extent, key + ": overflow, the product is more than " + largest);
            product *= extent;
        }
    }

    private ZarrMetadata.@Nullable Blosc compressor(JsonElement json) {
        if (json.isJsonNull()) {
            return null;
        }
        if (!(json instanceof JsonObject object)) {
            throw invalid("compressor: expected an object or null");
        }
        JsonElement id = get(object, "id");
        require(isText(id, BLOSC), "compressor " + shown(id) + " is not supported; 'blosc' and none are");
        JsonElement cname = get(object, "cname");
        require(
                isString(cname) && CODECS.contains(cname.getAsString()),
                "compressor: codec " + shown(cname) + " of Blosc is not supported");
        int shuffle = small(object, "shuffle", -1, BIT_SHUFFLE);
        require(shuffle != BIT_SHUFFLE, "compressor: bit shuffle is not supported; write it with shuffle 1 or 0");
        int level = small(object, "clevel", 0, HIGHEST_LEVEL);
        int blockSize = object.has("blocksize") ? small(object, "blocksize", 0, Integer.MAX_VALUE) : 0;
        return new ZarrMetadata.Blosc(cname.getAsString(), level, shuffle, blockSize);
    }

    private int small(JsonObject object, String key, int least, int most) {
        long value = integer(get(object, key));
        require(
                value >= least && value <= most,
                "compressor: " + key + " " + value + " is not in " + least + " … " + most);
        return (int) value;
    }

    private JsonElement fillValue(JsonElement value) {
        boolean known = value.isJsonNull()
                || value instanceof JsonPrimitive number && number.isNumber()
                || isString(value) && NOT_FINITE.contains(value.getAsString());
        require(known, "fill_value " + shown(value) + " is no number");
        return value;
    }

    private char separator(@Nullable JsonElement separator) {
        boolean dot = separator == null || isText(separator, ".");
        require(dot || isText(separator, "/"), "dimension_separator " + shown(separator) + " is neither '.' nor '/'");
        return dot ? '.' : '/';
    }

    /** The value of a whole number of up to 18 digits; for anything else a number that no key may have. */
    private static long integer(JsonElement json) {
        boolean whole = json instanceof JsonPrimitive number
                && number.isNumber()
                && WHOLE.matcher(number.getAsString()).matches();
        return whole ? json.getAsLong() : Long.MIN_VALUE;
    }

    private JsonElement get(JsonObject object, String key) {
        JsonElement value = object.get(key);
        if (value == null) {
            throw invalid("key '" + key + "' is missing");
        }
        return value;
    }

    private static boolean isString(@Nullable JsonElement json) {
        return json instanceof JsonPrimitive primitive && primitive.isString();
    }

    private static boolean isText(@Nullable JsonElement json, String text) {
        return json != null && isString(json) && json.getAsString().equals(text);
    }

    private static String shown(@Nullable JsonElement json) {
        return FormatException.shown(json != null && isString(json) ? json.getAsString() : String.valueOf(json));
    }

    private void require(boolean holds, String problem) {
        if (!holds) {
            throw invalid(problem);
        }
    }

    private FormatException invalid(String problem) {
        return new FormatException(file, problem);
    }
}
