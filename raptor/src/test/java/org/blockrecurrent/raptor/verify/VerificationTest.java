package org.blockrecurrent.raptor.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.blockrecurrent.vit.verify.Check;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verification itself: values that are wrong, and values that nobody knows, do not pass. */
class VerificationTest {
    @TempDir
    private Path folder;

    private List<String> failures() {
        try (Backend backend = VectorBackend.open(1);
                Scope scope = backend.openScope()) {
            return Verification.of(folder, backend).stream()
                    .filter(check -> !check.passed())
                    .map(Check::name)
                    .toList();
        }
    }

    /** Only the block of one variant. */
    private Path oneBlock() throws IOException {
        Path golden = GoldenFolders.resource("raptor");
        Files.createDirectories(folder.resolve("block"));
        Files.copy(golden.resolve("VERSIONS.json"), folder.resolve("VERSIONS.json"));
        Path block = folder.resolve("block/gelu_plain.safetensors");
        Files.copy(golden.resolve("block/gelu_plain.safetensors"), block);
        return block;
    }

    @Test
    void an_output_that_is_off_by_a_thousandth_fails_alone() throws IOException {
        Path block = oneBlock();
        assertThat(failures()).isEmpty();
        byte[] bytes = Files.readAllBytes(block);
        double[] out;
        try (SafetensorsFile file = SafetensorsFile.open(block)) {
            out = file.doubles("f64/out.t00");
        }
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = indexOf(data, out[0]);
        data.putDouble(at, out[0] * 1.001);
        Files.write(block, bytes);
        assertThat(failures()).containsExactly("block/gelu_plain, f64/out.t00");
    }

    private static int indexOf(ByteBuffer data, double value) {
        for (int at = 0; at + Double.BYTES <= data.limit(); at++) {
            if (data.getDouble(at) == value) {
                return at;
            }
        }
        throw new AssertionError("the value is not in the file");
    }

    @Test
    void a_value_that_nothing_is_known_of_fails() throws IOException {
        Path block = oneBlock();
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile file = SafetensorsFile.open(block)) {
            for (String name : file.names()) {
                writer.doubles(name, file.shape(name), file.doubles(name));
            }
            writer.floats("f64/something_else", Shape.of(1), 1).write(folder.resolve("block/gelu_plain.safetensors"));
        }
        assertThat(failures())
                .containsExactly(
                        "block/gelu_plain, values that nothing is known of: missing [f64/something_else], not expected []");
    }

    @Test
    void a_store_that_reads_otherwise_fails() throws IOException {
        GoldenFolders.copy("zarr", folder);
        Path chunk = folder.resolve("uncompressed.zarr/1.2.0.0");
        byte[] bytes = Files.readAllBytes(chunk);
        bytes[1] ^= 1;
        Files.write(chunk, bytes);
        assertThat(failures()).containsExactly("uncompressed.zarr, values", "uncompressed.zarr, bits");
    }

    @Test
    void a_store_that_should_be_refused_and_is_read_fails() throws IOException {
        GoldenFolders.copy("zarr", folder);
        Path metadata = folder.resolve("order_f.zarr/.zarray");
        Files.writeString(metadata, Files.readString(metadata).replace("\"F\"", "\"C\""));
        Files.copy(folder.resolve("unfinished.zarr/0.0.0.0"), folder.resolve("unfinished.zarr/1.5.0.0"));
        assertThat(failures())
                .containsExactly(
                        "order_f.zarr, refused with a message that names [order, F]",
                        "unfinished.zarr, chunk files",
                        "unfinished.zarr, refused with a message that names [1.5.0.0]");
    }

    @Test
    void another_split_fails() throws IOException {
        GoldenFolders.copy("segmentation", folder);
        Path results = folder.resolve("results.json");
        String text = Files.readString(results);
        Files.writeString(results, text.replace("\"cut\": 24.46", "\"cut\": 24.47"));
        assertThat(failures()).containsExactly("dinov2_vitb14_reg_cosine_distance, max-cut k=2, cut");
    }

    @Test
    void a_folder_without_golden_values_is_refused() {
        assertThat(Verification.knows(folder)).isFalse();
        try (Backend backend = VectorBackend.open(1)) {
            assertThatThrownBy(() -> Verification.of(folder, backend))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("holds no golden values");
        }
    }
}
