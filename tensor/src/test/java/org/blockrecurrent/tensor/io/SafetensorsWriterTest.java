package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    Path folder;

    @Test
    void the_bytes_are_those_of_the_format() throws IOException {
        Path path = folder.resolve("x.safetensors");
        new SafetensorsWriter()
                .metadata("k", "v")
                .floats("x", Shape.of(1, 2), 1, -2)
                .write(path);
        String header =
                "{\"__metadata__\":{\"k\":\"v\"},\"x\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
        header += " ".repeat((8 - header.length() % 8) % 8);
        ByteBuffer expected = ByteBuffer.allocate(8 + header.length() + 8).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII))
                .putFloat(1)
                .putFloat(-2);
        assertThat(Files.readAllBytes(path)).isEqualTo(expected.array());
    }

    @Test
    void what_was_written_is_read_back() {
        Path path = folder.resolve("all.safetensors");
        new SafetensorsWriter()
                .metadata("config", "{\n  \"text\": \"<ünïcödé> \u2028 \\\"\u0001\"\n}")
                .floats("z", Shape.of(3), 1, Float.NaN, Float.MIN_VALUE)
                .doubles("d", Shape.of(), 0.1)
                .longs("l", Shape.of(2, 1), Long.MIN_VALUE, 3)
                .floats("../odd\n\"name\"", Shape.of(2, 0))
                .write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names()).containsExactly("z", "d", "l", "../odd\n\"name\"");
            assertThat(file.metadata())
                    .containsEntry("config", "{\n  \"text\": \"<ünïcödé> \u2028 \\\"\u0001\"\n}")
                    .hasSize(1);
            assertThat(file.floats("z")).containsExactly(1, Float.NaN, Float.MIN_VALUE);
            assertThat(file.doubles("d")).containsExactly(0.1);
            assertThat(file.longs("l")).containsExactly(Long.MIN_VALUE, 3);
            assertThat(file.shape("../odd\n\"name\"")).isEqualTo(Shape.of(2, 0));
        }
    }

    @Test
    void a_file_without_tensors_is_good() {
        Path path = folder.resolve("none.safetensors");
        new SafetensorsWriter().write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names()).isEmpty();
            assertThat(file.metadata()).isEmpty();
        }
    }

    @Test
    void tensors_are_read_from_their_backend_when_the_file_is_written() {
        Path path = folder.resolve("tensor.safetensors");
        try (ReferenceBackend backend = new ReferenceBackend()) {
            var tensor = backend.tensor(Shape.of(2), 1, 2);
            SafetensorsWriter writer = new SafetensorsWriter().tensor("t", tensor);
            backend.write(tensor.storage(), new float[] {3, 4});
            writer.write(path);
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.floats("t")).containsExactly(3, 4);
        }
    }

    @Test
    void parameters_are_written_under_a_prefix() {
        Path path = folder.resolve("model.safetensors");
        try (ReferenceBackend backend = new ReferenceBackend()) {
            ParameterSource source = ParameterSource.fresh(backend, 1);
            source.at("head").take("weight", Initializer.constant(3), 1, 2);
            new SafetensorsWriter()
                    .parameters("model.", source.parameters().all())
                    .write(path);
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names()).containsExactly("model.head.weight");
            assertThat(file.floats("model.head.weight")).containsExactly(3, 3);
        }
    }

    @Test
    void names_that_are_taken_and_sizes_that_do_not_fit_are_refused() {
        SafetensorsWriter writer = new SafetensorsWriter().floats("x", Shape.of(1), 1);
        assertThatThrownBy(() -> writer.floats("x", Shape.of(1), 1)).hasMessageContaining("x: the name is taken");
        assertThatThrownBy(() -> writer.floats("__metadata__", Shape.of(1), 1)).hasMessageContaining("taken");
        assertThatThrownBy(() -> writer.floats("\ud800", Shape.of(1), 1)).hasMessageContaining("lone surrogate");
        assertThatThrownBy(() -> writer.longs("y", Shape.of(2), 1)).isInstanceOf(ShapeException.class);
    }

    @Test
    void equal_contents_are_equal_bytes_in_whatever_order_the_metadata_came() throws IOException {
        Path one = folder.resolve("one.safetensors");
        Path other = folder.resolve("other.safetensors");
        new SafetensorsWriter()
                .metadata("a", "1")
                .metadata("b", "2")
                .checksummed("crc")
                .write(one);
        new SafetensorsWriter()
                .metadata("b", "2")
                .metadata("a", "1")
                .checksummed("crc")
                .write(other);
        assertThat(Files.readAllBytes(one)).isEqualTo(Files.readAllBytes(other));
    }
}
