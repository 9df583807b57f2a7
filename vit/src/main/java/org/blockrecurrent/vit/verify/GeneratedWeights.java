package org.blockrecurrent.vit.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Json;

/**
 * Weights of any size from a recipe of some kilobytes: element j of a tensor is
 *
 * <pre>
 *   shift + scale · (2u − 1),   u = (mix(seed + offset + j) ≫ 40) · 2⁻²⁴
 * </pre>
 *
 * in float, each operation rounded once; mix is the output function of SplitMix64 (Steele, Lea and Flood, 2014) of that counter
 * times its odd constant. 24 bits fit a float, so u and 2u − 1 are exact.
 */
final class GeneratedWeights {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final Map<String, Recipe> recipes;

    private record Recipe(Shape shape, long offset, float scale, float shift) {}

    private GeneratedWeights(long seed, Map<String, Recipe> recipes) {
        this.seed = seed;
        this.recipes = recipes;
    }

    /** {@code {"seed": 42, "tensors": {"cls_token": {"shape": [1, 1, 768], "offset": 0, "scale": 0.5, "shift": 0}, …}}}. */
    static GeneratedWeights read(Path file) {
        try {
            JsonObject json = Json.tree(file).getAsJsonObject();
            Map<String, Recipe> recipes = new LinkedHashMap<>();
            json.getAsJsonObject("tensors").asMap().forEach((name, recipe) -> recipes.put(name, recipe(recipe)));
            return new GeneratedWeights(json.get("seed").getAsLong(), recipes);
        } catch (IllegalStateException | NullPointerException | UnsupportedOperationException e) {
            throw new FormatException(file, "is no recipe of weights", e);
        }
    }

    private static Recipe recipe(JsonElement json) {
        JsonObject recipe = json.getAsJsonObject();
        int[] dims = new int[recipe.getAsJsonArray("shape").size()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = recipe.getAsJsonArray("shape").get(i).getAsInt();
        }
        return new Recipe(
                Shape.of(dims),
                recipe.get("offset").getAsLong(),
                recipe.get("scale").getAsFloat(),
                recipe.get("shift").getAsFloat());
    }

    /** The shape of a tensor; throws if there is no recipe for it. */
    Shape shape(String name) {
        return recipe(name).shape;
    }

    /** The values of a tensor. */
    float[] values(String name) {
        Recipe recipe = recipe(name);
        float[] values = new float[recipe.shape.size()];
        for (int j = 0; j < values.length; j++) {
            float u = (mix((seed + recipe.offset + j) * GAMMA) >>> 40) * 0x1p-24f;
            values[j] = recipe.shift + recipe.scale * (2 * u - 1);
        }
        return values;
    }

    private Recipe recipe(String name) {
        Recipe recipe = recipes.get(name);
        if (recipe == null) {
            throw new InvalidInputException("the recipe has no tensor " + name);
        }
        return recipe;
    }

    private static long mix(long counter) {
        long z = (counter ^ counter >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
