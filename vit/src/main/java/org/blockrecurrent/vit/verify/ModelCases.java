package org.blockrecurrent.vit.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Json;
import org.jspecify.annotations.Nullable;

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
        for (Map.Entry<String, JsonElement> entry : described.asMap().entrySet()) {
            Path folder = set.resolve(entry.getKey());
            if (Files.isDirectory(folder) && entry.getValue() instanceof JsonObject about) {
                GoldenCase found = described(set, folder, entry.getKey(), about);
                if (found != null) {
                    cases.add(found);
                }
            }
        }
        cases.addAll(generated(set));
        return cases;
    }

    private static @Nullable GoldenCase described(Path set, Path folder, String name, JsonObject about) {
        if (about.has("sizes")) {
            return new ModelCase(name, folder, set.resolve(PIXELS), sizes(set, about));
        }
        if (Files.exists(folder.resolve("sources.safetensors"))) {
            return new PositionCase(name, folder);
        }
        return Files.exists(folder.resolve("block_gelu.safetensors")) ? new GradientCase(name, folder) : null;
    }

    /** The models of a recipe, which the list does not name. */
    private static List<GoldenCase> generated(Path set) {
        try (Stream<Path> folders = Files.list(set)) {
            return folders.filter(folder -> Files.exists(folder.resolve("recipe.json")))
                    .sorted()
                    .<GoldenCase>map(folder -> new GeneratedCase(String.valueOf(folder.getFileName()), folder))
                    .toList();
        } catch (IOException e) {
            throw FormatException.unreadable(set, e);
        }
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
