package org.blockrecurrent.tensor.io.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.HostileFile;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.tensor.io.TensorFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that torch wrote, and the tensors that torch reads from them. */
class TorchFileTest {
    private static Path golden(String name) {
        return HostileFile.golden("torch/" + name);
    }

    @ParameterizedTest
    @CsvSource({
        "views.pth, views",
        "checkpoint.pth, checkpoint",
        "checkpoint_protocol4.pth, checkpoint",
        "checkpoint_legacy.pth, checkpoint",
        "module.pth, module",
        "official_raptor.pt, official_raptor"
    })
    void every_tensor_has_the_name_the_type_the_shape_and_the_values_that_torch_gives_it(String file, String expected) {
        requireSame(golden(file), golden(expected + ".safetensors"));
    }

    @Test
    void tensors_of_a_module_come_in_the_order_of_its_state_dict() {
        try (TorchFile file = TorchFile.open(golden("module.pth"))) {
            assertThat(file.names())
                    .containsExactly(
                            "mask",
                            "shared.weight",
                            "shared.bias",
                            "again.weight",
                            "again.bias",
                            "layers.0.weight",
                            "layers.0.bias",
                            "layers.1.weight",
                            "layers.1.bias",
                            "layers.1.running_mean",
                            "layers.1.running_var",
                            "layers.1.num_batches_tracked");
            assertThat(file.longs("mask")).containsExactly(1, 0, 1);
        }
    }

    @Test
    void plain_attributes_and_classes_of_a_module_are_offered() {
        try (TorchFile file = TorchFile.open(golden("module.pth"))) {
            Attributes attributes = file.attributes();
            assertThat(attributes.text("__class__")).isEqualTo("heads.Head");
            assertThat(attributes.text("layers.2.__class__")).isEqualTo("torch.nn.modules.activation.GELU");
            assertThat(attributes.integers("thresholds")).containsExactly(7L, 10L);
            assertThat(attributes.number("scale")).isEqualTo(0.125);
            assertThat(attributes.integer("layers.0.out_features")).isEqualTo(2);
            assertThat(attributes.flag("training")).isTrue();
            assertThat(attributes.names()).noneMatch(name -> name.startsWith("_") && !name.equals("__class__"));
        }
    }

    @Test
    void the_thresholds_of_the_official_raptor_are_there() {
        try (TorchFile file = TorchFile.open(golden("official_raptor.pt"))) {
            assertThat(file.attributes().integers("thresholds")).containsExactly(7L, 10L);
            assertThat(file.metadata())
                    .containsEntry("__class__", "raptor.Raptor")
                    .containsEntry("thresholds", "[7, 10]");
        }
    }

    @Test
    void plain_values_beside_the_tensors_of_a_checkpoint_are_offered() {
        try (TorchFile file = TorchFile.open(golden("checkpoint.pth"))) {
            Attributes attributes = file.attributes();
            assertThat(attributes.integer("epoch")).isEqualTo(12);
            assertThat(attributes.number("epoch")).isEqualTo(12);
            assertThat(attributes.number("optimizer.param_groups.0.lr")).isEqualTo(1e-3);
            assertThat(attributes.text("args.__class__")).isEqualTo("argparse.Namespace");
            assertThat(attributes.integers("args.layers")).containsExactly(3L, 4L);
            assertThat(file.metadata()).containsOnlyKeys("epoch", "best", "arch", "done", "history");
            assertThatThrownBy(() -> attributes.integer("epochs"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageEndingWith("has no attribute 'epochs'; did you mean 'epoch'?");
            assertThatThrownBy(() -> attributes.integers("history"))
                    .hasMessageEndingWith("attribute 'history' should be a list of whole numbers, but is '2.5'");
            assertThatThrownBy(() -> attributes.text("epoch")).hasMessageContaining("should be a text, but is '12'");
        }
    }

    @Test
    void a_misspelt_name_is_answered_with_the_nearest() {
        try (TorchFile file = TorchFile.open(golden("module.pth"))) {
            assertThatThrownBy(() -> file.floats("layer.0.weight"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("has no tensor 'layer.0.weight'; did you mean 'layers.0.weight'?");
        }
    }

    /** Model files of the fixtures beside which the same weights lie as safetensors. */
    @Test
    void every_file_of_the_fixtures_is_read_as_torch_reads_it() throws IOException {
        Path fixtures = fixtures();
        int compared = 0;
        for (Path file : torchFiles(fixtures.resolve("models"))) {
            Path twin = file.resolveSibling("model.safetensors");
            if (file.endsWith("model.pth") && Files.exists(twin)) {
                requireSame(file, file.getParent().endsWith("timm_deit") ? "model." : "", twin); // {"model": …}
                compared++;
            } else {
                readEverything(file);
            }
        }
        assertThat(compared).isPositive();
        requireSame(
                fixtures.resolve("models/same_weights/hub/model_legacy.pth"),
                fixtures.resolve("models/same_weights/hub/model.pth"));
    }

    @ParameterizedTest
    @CsvSource({"torch2.3.1", "torch2.15.0"})
    void every_official_checkpoint_has_the_values_and_thresholds_that_the_fixtures_say(String version) {
        Path folder = fixtures().resolve("raptor/checkpoints").resolve(version);
        JsonObject listed = (JsonObject) Json.tree(folder.resolve("CHECKPOINTS.json"));
        for (JsonElement entry : listed.getAsJsonArray("files")) {
            JsonObject checkpoint = entry.getAsJsonObject();
            Path file = folder.resolve(checkpoint.get("file").getAsString());
            requireSame(file, folder.resolve(checkpoint.get("values").getAsString()));
            JsonElement thresholds = checkpoint.get("thresholds");
            if (thresholds != null && thresholds.isJsonArray()) {
                requireThresholds(file, thresholds);
            }
        }
    }

    private static void requireThresholds(Path path, JsonElement thresholds) {
        List<Long> expected = thresholds.getAsJsonArray().asList().stream()
                .map(JsonElement::getAsLong)
                .toList();
        try (TorchFile file = TorchFile.open(path)) {
            assertThat(file.attributes().integers("thresholds")).isEqualTo(expected);
        }
    }

    private static Path fixtures() {
        String folder = System.getenv("RAPTOR_FIXTURES");
        assumeThat(folder)
                .as("RAPTOR_FIXTURES, the folder of the large golden files")
                .isNotNull();
        return Path.of(folder);
    }

    private static List<Path> torchFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(pth|pt|bin)"))
                    .sorted()
                    .toList();
        }
    }

    private static void readEverything(Path path) {
        try (TorchFile file = TorchFile.open(path)) {
            assertThat(file.names()).as(path.toString()).isNotEmpty();
            file.names().forEach(file::doubles);
        }
    }

    private static void requireSame(Path path, Path twin) {
        requireSame(path, "", twin);
    }

    /** The file has just the tensors of its twin, their names preceded by the prefix. */
    private static void requireSame(Path path, String prefix, Path twin) {
        try (TorchFile file = TorchFile.open(path);
                TensorFile expected =
                        twin.toString().endsWith(".safetensors") ? SafetensorsFile.open(twin) : TorchFile.open(twin)) {
            assertThat(file.names())
                    .as(path.toString())
                    .containsExactlyInAnyOrderElementsOf(
                            expected.names().stream().map(prefix::concat).toList());
            for (String name : expected.names()) {
                requireSame(file, prefix + name, expected, name);
            }
        }
    }

    private static void requireSame(TensorFile file, String name, TensorFile twin, String twinName) {
        assertThat(file.dtype(name)).as(name).isEqualTo(twin.dtype(twinName));
        assertThat(file.shape(name)).as(name).isEqualTo(twin.shape(twinName));
        assertThat(file.doubles(name)).as(name).isEqualTo(twin.doubles(twinName));
        assertThat(file.floats(name)).as(name).isEqualTo(twin.floats(twinName));
    }
}
