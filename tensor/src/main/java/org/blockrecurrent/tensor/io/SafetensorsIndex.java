package org.blockrecurrent.tensor.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.Shape;

/**
 * Tensors in several safetensors files, listed by an index: {@code {"weight_map": {"name": "model-00001-of-00002.safetensors",
 * …}}}. The files lie beside the index; a name that would lead elsewhere is refused before anything is opened. Index and
 * files must agree exactly: every tensor is in the file that the index names, and in no other.
 */
public final class SafetensorsIndex implements TensorFile {
    private static final String WEIGHT_MAP = "weight_map";

    private final Path index;
    private final Map<String, String> shardOfTensor;
    private final Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsIndex(Path index, Map<String, String> shardOfTensor) {
        this.index = index;
        this.shardOfTensor = shardOfTensor;
    }

    /** Opens the index and all files that it names; throws a {@link FormatException} if they do not agree. */
    public static SafetensorsIndex open(Path index) {
        SafetensorsIndex opened = new SafetensorsIndex(index, weightMap(index));
        try {
            opened.openShards();
            opened.requireAgreement();
            return opened;
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    private static Map<String, String> weightMap(Path index) {
        JsonElement json = Json.tree(index);
        if (!(json instanceof JsonObject object) || !(object.get(WEIGHT_MAP) instanceof JsonObject weightMap)) {
            throw new FormatException(index, "has no object weight_map: it is not an index of safetensors files");
        }
        Map<String, String> shards = new LinkedHashMap<>();
        weightMap.asMap().forEach((tensor, shard) -> shards.put(tensor, shardName(index, tensor, shard)));
        return shards;
    }

    private static String shardName(Path index, String tensor, JsonElement shard) {
        boolean isString = shard.isJsonPrimitive() && shard.getAsJsonPrimitive().isString();
        String name = isString ? shard.getAsString() : "";
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.=-]*\\.safetensors")) {
            throw new FormatException(
                    index,
                    "tensor " + FormatException.shown(tensor) + ": " + FormatException.shown(name)
                            + " is not the name of a safetensors file beside the index");
        }
        return name;
    }

    private void openShards() {
        for (String name : shardOfTensor.values()) {
            if (!shards.containsKey(name)) {
                SafetensorsFile shard = SafetensorsFile.open(index.resolveSibling(name));
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
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public void close() {
        shards.values().forEach(SafetensorsFile::close);
    }

    private SafetensorsFile shard(String name) {
        String shard = shardOfTensor.get(name);
        if (shard == null) {
            throw new FormatException(
                    index,
                    "has no tensor " + FormatException.shown(name) + NearestNames.hint(name, shardOfTensor.keySet()));
        }
        return shards.get(shard);
    }
}
