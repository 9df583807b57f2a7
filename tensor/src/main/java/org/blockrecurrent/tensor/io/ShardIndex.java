package org.blockrecurrent.tensor.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.blockrecurrent.tensor.Shape;

/**
 * Tensors in several files, listed by an index: {@code {"weight_map": {"name": "model-00001-of-00002.safetensors", …}}}. The
 * files lie beside the index; a name that would lead elsewhere is refused before anything is opened. Index and files must
 * agree exactly: every tensor is in the file that the index names, and in no other.
 */
public final class ShardIndex implements TensorFile {
    private static final String WEIGHT_MAP = "weight_map";

    private final Path index;
    private final Map<String, String> shardOfTensor;
    private final Map<String, TensorFile> shards = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private ShardIndex(Path index, Map<String, String> shardOfTensor) {
        this.index = index;
        this.shardOfTensor = shardOfTensor;
    }

    /** Opens an index of safetensors files, and all files that it names. */
    public static ShardIndex openSafetensors(Path index) {
        return open(index, ".safetensors", SafetensorsFile::open);
    }

    /**
     * Opens an index and all files that it names; throws a {@link FormatException} if they do not agree.
     *
     * @param suffix what the names of the files must end with, such as {@code .safetensors}
     */
    public static ShardIndex open(Path index, String suffix, Function<Path, TensorFile> opener) {
        ShardIndex opened = new ShardIndex(index, weightMap(index, suffix));
        try {
            opened.openShards(opener);
            opened.requireAgreement();
            return opened;
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    /** The names of the files beside an index that hold its tensors, each as often as it has tensors. */
    public static Collection<String> shards(Path index) {
        return weightMap(index, "").values();
    }

    private static Map<String, String> weightMap(Path index, String suffix) {
        JsonElement json = Json.tree(index);
        if (!(json instanceof JsonObject object) || !(object.get(WEIGHT_MAP) instanceof JsonObject weightMap)) {
            throw new FormatException(index, "has no object weight_map: it is not an index of files of tensors");
        }
        Map<String, String> shards = new LinkedHashMap<>();
        weightMap.asMap().forEach((tensor, shard) -> shards.put(tensor, shardName(index, suffix, tensor, shard)));
        return shards;
    }

    private static String shardName(Path index, String suffix, String tensor, JsonElement shard) {
        boolean isString = shard.isJsonPrimitive() && shard.getAsJsonPrimitive().isString();
        String name = isString ? shard.getAsString() : "";
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.=-]*") || !name.endsWith(suffix)) {
            throw new FormatException(
                    index,
                    "tensor " + FormatException.shown(tensor) + ": " + FormatException.shown(name)
                            + " is not the name of a " + suffix + " file beside the index");
        }
        return name;
    }

    private void openShards(Function<Path, TensorFile> opener) {
        for (String name : shardOfTensor.values()) {
            if (!shards.containsKey(name)) {
                TensorFile shard = opener.apply(index.resolveSibling(name));
                shards.put(name, shard);
                metadata.putAll(shard.metadata());
            }
        }
    }

    private void requireAgreement() {
        shardOfTensor.forEach((tensor, shard) -> shards.get(shard).shape(tensor));
        shards.forEach((name, shard) -> {
            for (String tensor : shard.names()) {
                String listed = shardOfTensor.get(tensor);
                if (!name.equals(listed)) {
                    throw new FormatException(
                            index,
                            "tensor " + FormatException.shown(tensor) + " is in " + name
                                    + (listed == null ? ", but the index does not list it" : " and in " + listed));
                }
            }
        });
    }

    @Override
    public String where() {
        return index.toString();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(shardOfTensor.keySet());
    }

    @Override
    public Shape shape(String name) {
        return shard(name).shape(name);
    }

    @Override
    public String dtype(String name) {
        return shard(name).dtype(name);
    }

    @Override
    public float[] floats(String name) {
        return shard(name).floats(name);
    }

    @Override
    public double[] doubles(String name) {
        return shard(name).doubles(name);
    }

    @Override
    public long[] longs(String name) {
        return shard(name).longs(name);
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public void close() {
        shards.values().forEach(TensorFile::close);
    }

    private TensorFile shard(String name) {
        String shard = shardOfTensor.get(name);
        if (shard == null) {
            throw new FormatException(
                    index,
                    "has no tensor " + FormatException.shown(name) + NearestNames.hint(name, shardOfTensor.keySet()));
        }
        return shards.get(shard);
    }
}
