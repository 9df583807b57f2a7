package org.blockrecurrent.tensor.io.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.io.HostileFile;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.blockrecurrent.tensor.io.zip.ZipArchive;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchWriterTest {
    @TempDir
    Path folder;

    private static TorchWriter written() {
        float[] matrix = new float[70 * 90];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = i * 0.25f - 100;
        }
        return new TorchWriter()
                .floats("head.weight", Shape.of(70, 90), matrix)
                .floats("head.bias", Shape.of(3), 1, Float.NaN, Float.NEGATIVE_INFINITY)
                .floats("scalar", Shape.of(), 2.5f)
                .floats("empty", Shape.of(2, 0, 3))
                .floats("ünï", Shape.of(1, 2, 1, 3), 1, 2, 3, 4, 5, 6);
    }

    @Test
    void what_was_written_is_read_back() {
        Path path = folder.resolve("model.pth");
        written().write(path);
        try (TorchFile file = TorchFile.open(path)) {
            assertThat(file.names()).containsExactly("head.weight", "head.bias", "scalar", "empty", "ünï");
            assertThat(file.shape("head.weight")).isEqualTo(Shape.of(70, 90));
            assertThat(file.floats("head.weight")[6299]).isEqualTo(6299 * 0.25f - 100);
            assertThat(file.floats("head.bias")).containsExactly(1, Float.NaN, Float.NEGATIVE_INFINITY);
            assertThat(file.floats("scalar")).containsExactly(2.5f);
            assertThat(file.shape("empty")).isEqualTo(Shape.of(2, 0, 3));
            assertThat(file.floats("ünï")).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(file.attributes().names()).isEmpty();
        }
    }

    /** {@code check_written.py} beside that file has torch itself read it with {@code weights_only=True}. */
    @Test
    void the_bytes_are_those_that_torch_was_seen_to_read() throws IOException {
        Path path = folder.resolve("model.pth");
        written().write(path);
        assertThat(path).hasSameBinaryContentAs(HostileFile.golden("torch/written.pth"));
        Path other = folder.resolve("another_name.pt");
        written().write(other);
        assertThat(Files.mismatch(path, other)).isEqualTo(-1);
    }

    @Test
    void members_are_those_of_torch_stored_and_aligned() {
        Path path = folder.resolve("model.pth");
        written().write(path);
        PositionedFile.open(path, file -> {
                    ZipArchive archive = ZipArchive.read(file);
                    assertThat(archive.members())
                            .extracting(member -> member.name())
                            .containsExactly(
                                    "archive/data.pkl",
                                    "archive/byteorder",
                                    "archive/data/0",
                                    "archive/data/1",
                                    "archive/data/2",
                                    "archive/data/3",
                                    "archive/data/4",
                                    "archive/version");
                    assertThat(archive.members())
                            .allMatch(member -> member.isStored() && archive.dataAt(member) % 64 == 0);
                    return file;
                })
                .close();
    }

    @Test
    void tensors_and_parameters_are_read_from_the_device() {
        Path path = folder.resolve("model.pth");
        try (ReferenceBackend backend = new ReferenceBackend()) {
            ParameterSource source = ParameterSource.fresh(backend, 1).at("layer");
            source.take("weight", Initializer.constant(1), 2, 2);
            new TorchWriter()
                    .parameters("model.", source.parameters().all())
                    .tensor("x", backend.tensor(Shape.of(2), 3, 4))
                    .write(path);
        }
        try (TorchFile file = TorchFile.open(path)) {
            assertThat(file.names()).containsExactly("model.layer.weight", "x");
            assertThat(file.floats("model.layer.weight")).containsExactly(1, 1, 1, 1);
            assertThat(file.floats("x")).containsExactly(3, 4);
        }
    }

    @Test
    void wrong_sizes_and_names_that_are_taken_are_refused() {
        TorchWriter writer = new TorchWriter().floats("a", Shape.of(1), 1);
        assertThatThrownBy(() -> writer.floats("a", Shape.of(1), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.floats("b", Shape.of(2), 1))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("'b' (2) needs 2 values, got 1");
    }
}
