package org.blockrecurrent.raptor.store.zarr;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Json;
import org.jspecify.annotations.Nullable;

/**
 * What {@code .zarray} says of an array.
 *
 * @param compressor null if chunks are stored as they are
 * @param fillValue what an absent chunk stands for, as it is written there
 * @param separator between the indices of a chunk's name: a dot, or a slash, which makes folders
 */
public record ZarrMetadata(
        ChunkGrid grid, ElementType type, @Nullable Blosc compressor, JsonElement fillValue, char separator) {
    static final String FILE = ".zarray";

    /**
     * The settings of numcodecs' Blosc. A reader goes by the header of each frame.
     *
     * @param cname codec
     * @param clevel level, 0 … 9
     * @param shuffle 1 if the bytes of the numbers are sorted by their place, 0 if not
     * @param blocksize bytes of a block; 0 leaves the choice to the writer
     */
    public record Blosc(String cname, int clevel, int shuffle, int blocksize) {}

    /** Reads the file of an array's folder; throws a {@link FormatException} that says what cannot be read. */
    static ZarrMetadata read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new FormatException(folder, "is no Zarr 2 array: " + whatElse(folder));
        }
        return new MetadataParser(file).parse(Json.tree(file));
    }

    /**
     * An array with the settings of the published stores: {@code <f4}, row-major, Blosc with zstd and byte shuffle.
     *
     * @param where names the array if its extents cannot be
     * @param level of zstd, 1 … 9; 0 stores chunks as they are
     */
    public static ZarrMetadata published(Path where, int[] shape, int[] chunk, int level) {
        Blosc blosc = level == 0 ? null : new Blosc("zstd", level, BloscHeader.SHUFFLED, 0);
        ChunkGrid grid = new MetadataParser(where).grid(shape, chunk, ElementType.F4);
        return new ZarrMetadata(grid, ElementType.F4, blosc, new JsonPrimitive(0.0), '.');
    }

    private static String whatElse(Path folder) {
        if (!Files.isDirectory(folder)) {
            return "there is no such folder";
        }
        if (Files.exists(folder.resolve("zarr.json"))) {
            return "it is of Zarr 3; write it with zarr_format=2";
        }
        if (Files.exists(folder.resolve(".zgroup"))) {
            return "it is a group; give the folder of one of its arrays";
        }
        return "it has no " + FILE;
    }

    /** {@code (8, 13, 6, 8) in chunks of (4, 1, 6, 8), zstd at level 3}. */
    String summary() {
        return grid + ", "
                + (compressor == null ? "not compressed" : compressor.cname() + " at level " + compressor.clevel());
    }

    /** Bytes of a chunk before compression. */
    int chunkBytes() {
        return grid.chunkSize() * type.bytes();
    }

    /** The text of {@code .zarray}. */
    String json() {
        Map<String, @Nullable Object> keys = new LinkedHashMap<>();
        keys.put("chunks", grid.chunk());
        keys.put("compressor", compressor == null ? null : json(compressor));
        keys.put("dtype", type.dtype());
        keys.put("fill_value", fillValue);
        keys.put("filters", null);
        keys.put("order", "C");
        keys.put("shape", grid.shape());
        keys.put("zarr_format", 2);
        return Json.text(keys);
    }

    private static Map<String, Object> json(Blosc blosc) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("blocksize", blosc.blocksize());
        keys.put("clevel", blosc.clevel());
        keys.put("cname", blosc.cname());
        keys.put("id", MetadataParser.BLOSC);
        keys.put("shuffle", blosc.shuffle());
        return keys;
    }
}
