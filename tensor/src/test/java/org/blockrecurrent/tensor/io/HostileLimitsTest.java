package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.torch.TorchFile;
import org.blockrecurrent.tensor.io.torch.TorchWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What would be too large for the corpus of malformed files. The build runs this with a heap of 32 MB. */
@Timeout(value = 30, unit = TimeUnit.SECONDS) // against hangs, not a measurement
class HostileLimitsTest {
    @TempDir
    Path folder;

    private Path file(long headerBytes, String header) throws IOException {
        Path path = folder.resolve("made.safetensors");
        try (OutputStream out = Files.newOutputStream(path)) {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(headerBytes)
                    .array());
            out.write(header.getBytes(StandardCharsets.UTF_8));
        }
        return path;
    }

    private static void grow(Path path, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), bytes - 1); // the rest is a hole, where the file system has holes
        }
    }

    @Test
    void a_million_brackets_are_refused_without_descending() throws IOException {
        for (String bracket : new String[] {"[", "{\"a\":"}) {
            String deep = bracket.repeat(1_000_000);
            Path path = file(deep.length(), deep);
            assertThatThrownBy(() -> SafetensorsFile.open(path))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("not valid JSON");
        }
    }

    @Test
    void ten_thousand_tensors_on_the_same_bytes_are_refused() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 10_000; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("\"t")
                    .append(i)
                    .append("\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}");
        }
        header.append("}");
        Path path = file(header.length(), header + "\0".repeat(8));
        assertThatThrownBy(() -> SafetensorsFile.open(path)).hasMessageContaining("hole or overlap");
    }

    @Test
    void a_header_of_all_that_the_file_has_or_more_is_refused() throws IOException {
        for (long claimed : new long[] {10 - 8 + 1, 10 - 7 + 8, 100_000_000}) {
            Path path = file(claimed, "{}");
            assertThatThrownBy(() -> SafetensorsFile.open(path)).hasMessageContaining("cut short");
        }
        for (long claimed : new long[] {100_000_001, 1 << 30, Long.MAX_VALUE, -1}) {
            Path path = file(claimed, "{}");
            assertThatThrownBy(() -> SafetensorsFile.open(path)).hasMessageContaining("at most 100 MB");
        }
    }

    @Test
    void a_name_of_a_mebibyte_is_a_name_and_shortened_in_messages() throws IOException {
        String name = "n".repeat(1 << 20);
        String header = "{\"" + name + "\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}";
        try (SafetensorsFile file = SafetensorsFile.open(file(header.length(), header + "\7"))) {
            assertThat(file.names()).containsExactly(name);
            assertThat(file.longs(name)).containsExactly(7);
            assertThatThrownBy(() -> file.longs(name + "x"))
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
        }
    }

    /** Of a file of a gibibyte only what is asked for is read. */
    @Test
    void a_small_tensor_of_a_large_file_is_read_with_a_small_heap() throws IOException {
        long large = 1L << 30;
        String header = "{\"large\":{\"dtype\":\"F32\",\"shape\":[" + large / 4 + "],\"data_offsets\":[0," + large
                + "]}," + "\"small\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + large + "," + (large + 8)
                + "]}}";
        Path path = file(header.length(), header);
        grow(path, 8 + header.length() + large + 8);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.shape("large").size()).isEqualTo((int) (large / 4));
            assertThat(file.floats("small")).containsExactly(0, 0);
        }
    }

    /** A view of few elements far apart: neither the storage nor what lies between them is held. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1 << 12})
    void a_view_into_a_large_storage_is_gathered_with_a_small_heap(int stride) throws IOException {
        Path path = folder.resolve("large.safetensors");
        long elements = 1L << 27;
        String header =
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[" + elements + "],\"data_offsets\":[0," + elements * 4 + "]}}";
        Files.move(file(header.length(), header), path);
        grow(path, 8 + header.length() + elements * 4);
        long[] dims = {2, 100};
        float[] values = PositionedFile.open(path, file -> {
            StoredValues view = StoredValues.in(
                    file,
                    "a view",
                    Dtype.F32,
                    ByteOrder.LITTLE_ENDIAN,
                    8L + header.length(),
                    Layout.strided(7, dims, new long[] {elements / 2, stride}));
            float[] read = view.floats();
            file.close();
            return read;
        });
        assertThat(values).hasSize(200).containsOnly(0);
    }

    @Test
    void a_torch_file_larger_than_the_heap_is_opened_and_read_tensor_by_tensor() {
        Path path = folder.resolve("model.pth");
        TorchWriter writer = new TorchWriter();
        float[] values = new float[1 << 20];
        for (int i = 0; i < 16; i++) {
            writer.floats("layer" + i, Shape.of(1 << 10, 1 << 10), values);
        }
        writer.write(path);
        try (TorchFile file = TorchFile.open(path)) {
            assertThat(file.names()).hasSize(16).allMatch(name -> file.floats(name).length == 1 << 20);
        }
    }
}
