package org.blockrecurrent.raptor.phases;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The golden matrices and what the released notebook and exhaustive search make of them. */
final class Segmentations {
    static final String DINOV2_B = "dinov2_vitb14_reg_cosine_distance";

    private static final String FOLDER = "/golden/segmentation/";

    private Segmentations() {}

    static Stream<String> names() {
        return results().keySet().stream();
    }

    static JsonObject results() {
        try (Reader reader = open("results.json")) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonObject results(String name) {
        return results().getAsJsonObject(name);
    }

    static DissimilarityMatrix matrix(String name) {
        try (BufferedReader reader = new BufferedReader(open(name + ".csv"))) {
            return new DissimilarityMatrix(reader.lines()
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** [[1, 2], [3, 4]] as an assignment, blocks in order of their first layers. */
    static LayerAssignment assignment(JsonArray clusters, int layers) {
        List<JsonArray> sorted = clusters.asList().stream()
                .map(JsonElement::getAsJsonArray)
                .sorted((a, b) -> Integer.compare(a.get(0).getAsInt(), b.get(0).getAsInt()))
                .toList();
        int[] blocks = new int[layers];
        for (int block = 0; block < sorted.size(); block++) {
            for (JsonElement layer : sorted.get(block)) {
                blocks[layer.getAsInt() - 1] = block;
            }
        }
        return LayerAssignment.of(blocks);
    }

    private static Reader open(String file) {
        InputStream stream = Segmentations.class.getResourceAsStream(FOLDER + file);
        if (stream == null) {
            throw new IllegalStateException("test resource " + FOLDER + file + " is missing");
        }
        return new InputStreamReader(stream, StandardCharsets.UTF_8);
    }
}
