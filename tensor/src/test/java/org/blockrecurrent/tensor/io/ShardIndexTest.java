package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.blockrecurrent.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardIndexTest {
    @TempDir
    Path folder;

    /** Values computed from the files by Python: sum in double precision, first element. */
    @Test
    void the_shards_of_the_official_writer_are_read_as_one() {
        Path index = HostileFile.golden("safetensors/hf_dinov2_sharded/model.safetensors.index.json");
        try (ShardIndex file = ShardIndex.openSafetensors(index)) {
            assertThat(file.metadata()).containsEntry("format", "pt");
            requireValues(file, "embeddings.cls_token", Shape.of(1, 1, 32), -2.967878406867385, 0.1134720966219902f);
            requireValues(
                    file,
                    "encoder.layer.0.mlp.fc1.weight",
                    Shape.of(128, 32),
                    -11.607446632424399,
                    0.17544299364089966f);
            requireValues(
                    file,
                    "encoder.layer.1.attention.attention.value.weight",
                    Shape.of(32, 32),
                    -0.27219031716231257,
                    -0.1865369826555252f);
            long count = file.names().stream()
                    .mapToLong(name -> file.floats(name).length)
                    .sum();
            assertThat(count).as("total_parameters of the index").isEqualTo(31072);
        }
    }

    @Test
    void a_tensor_in_two_shards_is_refused() {
        new SafetensorsWriter().floats("a", Shape.of(1), 1).write(folder.resolve("1.safetensors"));
        new SafetensorsWriter()
                .floats("a", Shape.of(1), 1)
                .floats("b", Shape.of(1), 1)
                .write(folder.resolve("2.safetensors"));
        Path index = index("{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}}");
        assertThatThrownBy(() -> ShardIndex.openSafetensors(index))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("'a' is in 2.safetensors and in 1.safetensors");
    }

    @Test
    void a_tensor_that_only_the_index_or_only_a_shard_knows_is_refused() {
        new SafetensorsWriter().floats("a", Shape.of(1), 1).write(folder.resolve("1.safetensors"));
        Path more = index("{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"1.safetensors\"}}");
        assertThatThrownBy(() -> ShardIndex.openSafetensors(more)).hasMessageContaining("has no tensor 'b'");
        new SafetensorsWriter()
                .floats("a", Shape.of(1), 1)
                .floats("c", Shape.of(1), 1)
                .write(folder.resolve("1.safetensors"));
        Path less = index("{\"weight_map\": {\"a\": \"1.safetensors\"}}");
        assertThatThrownBy(() -> ShardIndex.openSafetensors(less)).hasMessageContaining("the index does not list it");
    }

    @Test
    void shard_names_that_could_lead_elsewhere_are_refused() {
        for (String name : new String[] {
            "/etc/x.safetensors",
            "..\\\\x.safetensors",
            "a/b.safetensors",
            "..",
            "C:x.safetensors",
            ".safetensors",
            "x.bin",
            ""
        }) {
            Path index = index("{\"weight_map\": {\"a\": \"" + name + "\"}}");
            assertThatThrownBy(() -> ShardIndex.openSafetensors(index))
                    .as(name)
                    .hasMessageContaining("beside the index");
        }
        Path number = index("{\"weight_map\": {\"a\": 3}}");
        assertThatThrownBy(() -> ShardIndex.openSafetensors(number)).hasMessageContaining("beside the index");
        assertThatThrownBy(() -> ShardIndex.openSafetensors(index("[]"))).hasMessageContaining("weight_map");
    }

    private static void requireValues(TensorFile file, String name, Shape shape, double sum, float first) {
        double total = 0;
        float[] values = file.floats(name);
        for (float value : values) {
            total += value;
        }
        assertThat(file.shape(name)).isEqualTo(shape);
        assertThat(values[0]).isEqualTo(first);
        assertThat(total).as("sum of " + name + ", in Python's order").isEqualTo(sum);
    }

    private Path index(String json) {
        Path index = folder.resolve("model.safetensors.index.json");
        AtomicFile.write(index, json);
        return index;
    }
}
