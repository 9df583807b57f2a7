package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTest {
    @TempDir
    Path folder;

    enum Kind {
        GELU,
        SWIGLU
    }

    record Optimizer(double learningRate, float beta) {
        Optimizer {
            if (learningRate < 0) {
                throw new InvalidInputException("learningRate must not be negative, got " + learningRate);
            }
        }
    }

    record Config(int layers, long seed, boolean swiglu, String name, Kind kind, Optimizer optimizer) {}

    record Nested(
            List<Optimizer> optimizers,
            Map<String, Integer> counts,
            List<List<Integer>> phases,
            Double none,
            JsonObject free) {}

    record Arrays(int[] splits, double[] values, String[] names, Optimizer[] optimizers) {}

    private static final Config CONFIG =
            new Config(12, Long.MAX_VALUE, true, "a \"quoted\" <name> λ", Kind.SWIGLU, new Optimizer(3e-4, 0.9f));

    @Test
    void an_exponent_of_too_many_digits_is_refused() {
        assertThatThrownBy(() -> JsonTree.parse("[1e-99999999999]", "here"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("exponent");
    }

    @Test
    void a_record_survives_writing_and_reading() {
        Path file = folder.resolve("config.json");
        Json.write(file, CONFIG);
        assertThat(Json.read(file, Config.class)).isEqualTo(CONFIG);
    }

    @Test
    void lists_maps_nulls_and_json_itself_survive() {
        JsonObject free = new JsonObject();
        free.addProperty("anything", 1.5);
        Nested nested =
                new Nested(List.of(new Optimizer(1, 2)), Map.of("a", 3), List.of(List.of(1, 4), List.of()), null, free);
        assertThat(Json.parse(Json.text(nested), "test", Nested.class)).isEqualTo(nested);
    }

    @Test
    void arrays_survive() {
        Arrays arrays = new Arrays(
                new int[] {4, 7}, new double[] {0.1, 1e-300}, new String[] {"x"}, new Optimizer[] {new Optimizer(1, 1)
                });
        Arrays read = Json.parse(Json.text(arrays), "test", Arrays.class);
        assertThat(read).usingRecursiveComparison().isEqualTo(arrays);
    }

    @Test
    void text_is_indented_and_ends_with_a_line_end() {
        assertThat(Json.text(new Optimizer(0.5, 1))).isEqualTo("{\n  \"learningRate\": 0.5,\n  \"beta\": 1.0\n}\n");
    }

    @Test
    void unknown_and_missing_keys_are_all_listed_with_the_nearest_name() {
        Path file = folder.resolve("config.json");
        AtomicFile.write(
                file, Json.text(CONFIG).replace("\"layers\"", "\"layer\"").replace("\"beta\"", "\"gamma\""));
        assertThatThrownBy(() -> Json.read(file, Config.class))
                .isInstanceOf(FormatException.class)
                .hasMessage(file + ": keys missing [layers], unknown 'layer' (did you mean 'layers'?)");
        assertThatThrownBy(() -> Json.parse("{\"learningRate\":1,\"a\":1,\"b\":2}", "here", Optimizer.class))
                .hasMessage("here: keys missing [beta], unknown 'a', unknown 'b'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      "layers": 12     | "layers": 12.5    | layers: expected a whole number that fits, found 12.5
      "layers": 12     | "layers": "12"    | layers: expected a number
      "layers": 12     | "layers": 3000000000 | layers: expected a whole number that fits, found 3000000000
      "layers": 12     | "layers": null    | layers: expected a value, found null
      "swiglu": true   | "swiglu": "true"  | swiglu: expected true or false
      "swiglu": true   | "swiglu": 1       | swiglu: expected true or false
      "kind": "SWIGLU" | "kind": "RELU"    | kind: expected one of [GELU, SWIGLU], found 'RELU'
      "learningRate": 3.0E-4 | "learningRate": [] | optimizer.learningRate: expected a number
      "learningRate": 3.0E-4 | "learningRate": -1 | optimizer: learningRate must not be negative, got -1.0
      "beta": 0.9      | "beta": 1e39      | optimizer.beta: expected a number that fits a float
      """)
    void a_value_of_another_type_is_refused_by_its_key(String old, String replacement, String complaint) {
        String text = Json.text(CONFIG);
        assertThat(text).contains(old);
        assertThatThrownBy(() -> Json.parse(text.replace(old, replacement), "config.json", Config.class))
                .isInstanceOf(FormatException.class)
                .hasMessage("config.json: " + complaint);
    }

    static List<HostileFile> corpus() {
        return HostileFile.all("json");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    @Timeout(value = 10, unit = TimeUnit.SECONDS) // against hangs, not a measurement
    void every_malformed_file_is_refused(HostileFile file) throws IOException {
        assertThat(Files.size(file.path())).isEqualTo(file.bytes());
        String complaint = switch (file.mustDo().split("[,; ]")[0]) {
            case "InvalidUtf8" -> "not valid UTF-8";
            case "DuplicateKey" -> "duplicate key";
            case "InvalidNumber" -> file.bytes() < 1000 ? "number too large" : "is not valid JSON";
            default -> "is not valid JSON";
        };
        assertThatThrownBy(() -> Json.tree(file.path()))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(complaint)
                .hasMessageContaining(file.path().toString());
    }

    private record Grown(
            int size,
            @AddedLater("7") int depth,
            @AddedLater("null") Optimizer optimizer) {}

    @Test
    void a_file_from_before_a_component_existed_means_what_the_component_says() {
        assertThat(Json.parse("{\"size\":3}", "here", Grown.class)).isEqualTo(new Grown(3, 7, null));
        assertThat(Json.parse("{\"size\":3,\"depth\":4}", "here", Grown.class)).isEqualTo(new Grown(3, 4, null));
        Grown now = new Grown(1, 2, new Optimizer(0.5, 1));
        assertThat(Json.parse(Json.text(now), "here", Grown.class)).isEqualTo(now);
        assertThatThrownBy(() -> Json.parse("{\"depth\":4}", "here", Grown.class))
                .hasMessageContaining("missing [size]");
    }

    @Test
    void numbers_that_json_does_not_have_are_not_written() {
        assertThatThrownBy(() -> Json.text(new Optimizer(Double.NaN, 0))).isInstanceOf(IllegalArgumentException.class);
    }
}
