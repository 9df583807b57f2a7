package org.blockrecurrent.vit.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Json;

/** Finds the cases in a folder of models with known outputs, or the one case that a folder is. */
public final class ModelCases {
    private static final String CASES = "cases.json";
    private static final String PIXELS = "pixels.safetensors";

    private ModelCases() {}

    /**
     * All cases of a set ({@code cases.json} names them), or one of them; beside models also position tables, gradients, and
     * models whose weights follow from a recipe.
     */
    public static List<GoldenCase> in(Path folder) {
        if (Files.isRegularFile(folder.resolve(CASES))) {
            return all(folder);
        }
        Path absolute = folder.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null || !Files.isRegularFile(parent.resolve(CASES))) {
            throw new FormatException(
                    folder, "is neither a set of cases nor one of a set: there is no cases.json in it or beside it");
        }
        String name = String.valueOf(absolute.getFileName());
        return all(parent).stream().filter(found -> found.name().equals(name)).toList();
    }

    private static List<GoldenCase> all(Path set) {
        if (!(Json.tree(set.resolve(CASES)) instanceof JsonObject described)) {
            throw new FormatException(set.resolve(CASES), "expected an object of cases");
        }
        List<GoldenCase> cases = new ArrayList<>();
        described.asMap().forEach((name, json) -> {
            if (json instanceof JsonObject object && object.has("sizes") && Files.isDirectory(set.resolve(name))) {
                cases.add(new ModelCase(name, set.resolve(name), set.resolve(PIXELS), sizes(set, object)));
            }
        });
        return cases;
    }

    private static Map<String, int[]> sizes(Path set, JsonObject described) {
        Map<String, int[]> sizes = new LinkedHashMap<>();
        described.getAsJsonObject("sizes").asMap().forEach((size, sides) -> sizes.put(size, sides(set, sides)));
        return sizes;
    }

    private static int[] sides(Path set, JsonElement json) {
        if (!json.isJsonArray() || json.getAsJsonArray().size() != 2) {
            throw new FormatException(set.resolve(CASES), "a size must be [height, width], found " + json);
        }
        return new int[] {
            json.getAsJsonArray().get(0).getAsInt(),
            json.getAsJsonArray().get(1).getAsInt()
        };
    }
}
