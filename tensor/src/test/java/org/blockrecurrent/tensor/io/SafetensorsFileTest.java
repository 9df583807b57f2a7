package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    Path folder;

    @Test
    void scalars_and_empty_tensors_are_read() {
        try (SafetensorsFile file = SafetensorsFile.open(HostileFile.golden("safetensors/good_scalar.safetensors"))) {
            assertThat(file.floats("s")).containsExactly(2.5f);
            assertThat(file.shape("s")).isEqualTo(Shape.of());
            assertThat(file.shape("e")).isEqualTo(Shape.of(2, 0));
            assertThat(file.floats("e")).isEmpty();
        }
    }

    @Test
    void a_zero_absorbs_extents_that_no_array_could_have() {
        try (SafetensorsFile file =
                SafetensorsFile.open(HostileFile.golden("safetensors/zero_then_huge.safetensors"))) {
            String name = file.names().iterator().next();
            assertThat(file.floats(name)).isEmpty();
            assertThatThrownBy(() -> file.shape(name))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("2^31");
        }
    }

    @Test
    void names_are_never_paths_and_are_escaped_in_messages() {
        try (SafetensorsFile file =
                SafetensorsFile.open(HostileFile.golden("safetensors/good_odd_names.safetensors"))) {
            assertThat(file.names()).contains("../../x", "a\nb\u001b[31m");
            assertThatThrownBy(() -> file.longs("a\nb\u001b[31m")).hasMessageContaining("'a\\u000ab\\u001b[31m'");
            String longest = "n".repeat(70_000);
            assertThatThrownBy(() -> file.longs(longest)).hasMessageContaining("(70000 characters)");
        }
    }

    @Test
    void every_supported_type_is_converted() throws IOException {
        ByteBuffer data = data();
        data.put((byte) 1).put((byte) 200).put((byte) -3).put((byte) 0); // bool, u8, i8, and one more bool
        data.putShort((short) -300).putShort((short) 60_000).putInt(-70_000).putInt((int) 4_000_000_000L);
        data.putLong(-5_000_000_000L).putLong(5_000_000_000L);
        data.putShort((short) 0x3C01).putShort((short) 0xBF81).putFloat(1.1f).putDouble(0.1);
        Path path = file("""
        {"bool":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]},"u8":{"dtype":"U8","shape":[],"data_offsets":[1,2]},
        "i8":{"dtype":"I8","shape":[],"data_offsets":[2,3]},"no":{"dtype":"BOOL","shape":[1],"data_offsets":[3,4]},
        "i16":{"dtype":"I16","shape":[],"data_offsets":[4,6]},"u16":{"dtype":"U16","shape":[],"data_offsets":[6,8]},
        "i32":{"dtype":"I32","shape":[],"data_offsets":[8,12]},"u32":{"dtype":"U32","shape":[],"data_offsets":[12,16]},
        "i64":{"dtype":"I64","shape":[],"data_offsets":[16,24]},"u64":{"dtype":"U64","shape":[],"data_offsets":[24,32]},
        "f16":{"dtype":"F16","shape":[],"data_offsets":[32,34]},"bf16":{"dtype":"BF16","shape":[],"data_offsets":[34,36]},
        "f32":{"dtype":"F32","shape":[],"data_offsets":[36,40]},"f64":{"dtype":"F64","shape":[],"data_offsets":[40,48]}}
        """, data);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            long[] expected = {1, 200, -3, 0, -300, 60_000, -70_000, 4_000_000_000L, -5_000_000_000L, 5_000_000_000L};
            List<String> names = List.copyOf(file.names());
            for (int i = 0; i < expected.length; i++) {
                assertThat(file.longs(names.get(i))).as(names.get(i)).containsExactly(expected[i]);
                assertThat(file.floats(names.get(i))).containsExactly((float) expected[i]);
                assertThat(file.doubles(names.get(i))).containsExactly((double) expected[i]);
            }
            assertThat(file.floats("f16")).containsExactly(1 + 0x1p-10f);
            assertThat(file.floats("bf16")).containsExactly(-(1 + 0x1p-7f));
            assertThat(file.floats("f32")).containsExactly(1.1f);
            assertThat(file.floats("f64")).containsExactly(0.1f);
            assertThat(file.doubles("f64")).containsExactly(0.1);
            assertThat(file.doubles("f32")).containsExactly(1.1f);
            assertThat(file.dtype("bf16")).isEqualTo("BF16");
            assertThatThrownBy(() -> file.longs("f32")).hasMessageContaining("'f32': has dtype F32");
        }
    }

    @Test
    void types_of_less_than_a_byte_are_listed_but_not_read() throws IOException {
        Path path = file("""
        {"f4":{"dtype":"F4","shape":[2],"data_offsets":[0,1]},"f6":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[1,4]}}
        """, data().putInt(0));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.shape("f6")).isEqualTo(Shape.of(4));
            assertThatThrownBy(() -> file.floats("f4")).hasMessageContaining("'f4': unsupported dtype F4");
            assertThatThrownBy(() -> file.longs("f6")).hasMessageContaining("'f6': unsupported dtype F6_E2M3");
        }
    }

    @Test
    void an_unsigned_number_beyond_the_range_of_long_is_refused() throws IOException {
        Path path = file("{\"x\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[0,8]}}", data().putLong(-1));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThatThrownBy(() -> file.longs("x"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("18446744073709551615");
        }
    }

    @Test
    void all_65536_half_precision_numbers_are_widened_exactly() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 0x1F;
            int fraction = bits & 0x3FF;
            double magnitude = exponent == 0 ? Math.scalb(fraction, -24) : Math.scalb(1024 + fraction, exponent - 25);
            if (exponent == 31) {
                magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            }
            float expected = (float) (bits < 0x8000 ? magnitude : -magnitude);
            assertThat(Dtype.halfToFloat((short) bits)).as("0x%04x", bits).isEqualTo(Float.valueOf(expected));
        }
    }

    @Test
    void a_tensor_larger_than_a_chunk_is_read_whole() {
        float[] values = new float[200_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Path path = folder.resolve("large.safetensors");
        new SafetensorsWriter()
                .floats("a", Shape.of(1), 7)
                .floats("x", Shape.of(3, 66_667), values)
                .write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.floats("x")).isEqualTo(values);
            assertThat(file.doubles("x")[200_000]).isEqualTo(200_000);
        }
    }

    @Test
    void not_a_number_keeps_its_bits() throws IOException {
        int[] bits = {0x7FC00001, 0xFFC12345, 0x7F800000, 0x80000000};
        ByteBuffer data = data();
        for (int word : bits) {
            data.putInt(word);
        }
        Path path = file("{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", data);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            float[] values = file.floats("x");
            for (int i = 0; i < bits.length; i++) {
                assertThat(Float.floatToRawIntBits(values[i])).isEqualTo(bits[i]);
            }
        }
    }

    @Test
    void a_file_that_shrinks_or_grows_while_it_is_open_is_noticed() throws IOException {
        Path path = folder.resolve("shrinks.safetensors");
        new SafetensorsWriter().floats("x", Shape.of(1000), new float[1000]).write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            byte[] bytes = Files.readAllBytes(path);
            Files.write(path, Arrays.copyOf(bytes, 500));
            assertThatThrownBy(() -> file.floats("x"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("size");
        }
    }

    @Test
    void a_file_that_is_replaced_while_it_is_open_is_read_as_it_was() {
        Path path = folder.resolve("replaced.safetensors");
        new SafetensorsWriter().floats("x", Shape.of(1), 1).write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            new SafetensorsWriter().floats("x", Shape.of(2), 2, 2).write(path);
            assertThat(file.floats("x")).containsExactly(1);
        }
    }

    @Test
    void a_missing_file_and_a_folder_are_named() {
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none.safetensors")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("none.safetensors: cannot be read: no such file");
        assertThatThrownBy(() -> SafetensorsFile.open(folder)).hasMessageContaining("not a regular file");
    }

    @Test
    void a_misspelt_name_is_answered_with_the_nearest() {
        Path path = folder.resolve("x.safetensors");
        new SafetensorsWriter().floats("blocks.0.weight", Shape.of(1), 1).write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThatThrownBy(() -> file.floats("block.0.weight"))
                    .hasMessageContaining("has no tensor 'block.0.weight'; did you mean 'blocks.0.weight'?");
        }
    }

    @Test
    void header_rules_beyond_the_corpus_hold() throws IOException {
        List<String> refused = new ArrayList<>(List.of(
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[01],\"data_offsets\":[0,1]}}",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[-0],\"data_offsets\":[0,0]}}",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]}}",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[2,18446744073709551614],\"data_offsets\":[0,1]}}",
                "{\"x\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,1]}}",
                "{'x':{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
                "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"},\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
                "{\"__metadata__\":[],\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},}",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}/* */}"));
        refused.add("{\"x\":{\"dtype\":\"U8\",\"shape\":[1" + ",1".repeat(1000) + "],\"data_offsets\":[0,1]}}");
        for (String header : refused) {
            Path path = file(header, data().put((byte) 9));
            assertThatThrownBy(() -> SafetensorsFile.open(path)).as(header).isInstanceOf(FormatException.class);
        }
        Path good = file(
                "{\"__metadata__\":{},\"x\":{\"dtype\":\"U8\",\"shape\":[1,1],\"data_offsets\":[0,1]}}",
                data().put((byte) 9));
        try (SafetensorsFile file = SafetensorsFile.open(good)) {
            assertThat(file.longs("x")).containsExactly(9);
        }
    }

    private static ByteBuffer data() {
        return ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Path file(String header, ByteBuffer data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + text.length + data.position()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text).put(data.flip());
        return Files.write(Files.createTempFile(folder, "made", ".safetensors"), bytes.array());
    }
}
