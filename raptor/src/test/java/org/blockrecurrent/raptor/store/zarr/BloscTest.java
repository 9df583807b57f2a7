package org.blockrecurrent.raptor.store.zarr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames: written and read back, and every field of a header replaced by every wrong value that matters. */
class BloscTest {
    private static final String WHERE = "frame";

    @TempDir
    private Path folder;

    private static byte[] decode(byte[] frame, int rawBytes, int typeBytes) {
        byte[] target = new byte[rawBytes];
        try (BloscDecoder decoder = new BloscDecoder()) {
            BloscHeader header =
                    BloscHeader.read(WHERE, Arrays.copyOf(frame, BloscHeader.BYTES), frame.length, rawBytes, typeBytes);
            decoder.decode(WHERE, header, frame, target);
        }
        return target;
    }

    private static byte[] encode(byte[] raw, int level) {
        try (BloscEncoder encoder = new BloscEncoder(level, Float.BYTES)) {
            ByteBuffer frame = encoder.encode(raw, raw.length);
            return Arrays.copyOf(frame.array(), frame.limit());
        }
    }

    /** Activations as far as a compressor can tell: exponents alike, fractions random. */
    private static byte[] floats(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Philox random = Philox.stream(1, "floats");
        for (int i = 0; i < count; i++) {
            bytes.putFloat((float) random.normal(i));
        }
        return bytes.array();
    }

    private static byte[] noise(int count) {
        byte[] bytes = new byte[count];
        Philox random = Philox.stream(2, "noise");
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) random.below(256, i);
        }
        return bytes;
    }

    /** One number, less than a block, a block, blocks and a short one, and sizes that numbers do not divide. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 1021, 1 << 17, (1 << 17) + 4, 300_001, 3 << 17})
    void what_was_encoded_is_decoded_again(int bytes) {
        byte[] alike = Arrays.copyOf(floats(bytes / 4 + 1), bytes);
        for (byte[] raw : new byte[][] {alike, new byte[bytes], noise(bytes)}) {
            byte[] frame = encode(raw, 3);
            assertThat(decode(frame, bytes, 4)).isEqualTo(raw);
            assertThat(frame.length).isLessThanOrEqualTo(BloscHeader.BYTES + bytes);
        }
    }

    @Test
    void an_encoder_that_is_used_again_leaves_nothing_of_the_frame_before() {
        try (BloscEncoder encoder = new BloscEncoder(3, Float.BYTES)) {
            encoder.encode(noise(200_000), 200_000);
            byte[] raw = floats(1000);
            ByteBuffer frame = encoder.encode(raw, raw.length);
            assertThat(Arrays.copyOf(frame.array(), frame.limit())).isEqualTo(encode(raw, 3));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8, 16})
    void bytes_are_sorted_and_sorted_back(int typeBytes) {
        byte[] numbers = noise(1003);
        byte[] sorted = new byte[1000];
        ByteShuffle.shuffle(numbers, 3, 1000, typeBytes, sorted);
        assertThat(sorted[1]).isEqualTo(numbers[3 + typeBytes]);
        byte[] back = new byte[1003];
        ByteShuffle.unshuffle(sorted, back, 3, 1000, typeBytes);
        assertThat(Arrays.copyOfRange(back, 3, 1003)).isEqualTo(Arrays.copyOfRange(numbers, 3, 1003));
    }

    static Stream<String> frames() {
        return Stream.of(
                "official", "lz4", "blosclz", "zlib_shuffle", "many_blocks", "many_blocks_lz4", "incompressible");
    }

    private static byte[] golden(String store) throws IOException {
        return Files.readAllBytes(GoldenStores.folder(store + ".zarr").resolve("0.0.0.0"));
    }

    private static int rawBytes(byte[] frame) {
        return ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    }

    /**
     * Whatever a byte of the header is replaced by is refused, but for two that only a checksum could tell: flags that mean
     * another order of the bytes, and the size of the blocks where there are none, because the whole is stored as it is.
     */
    @ParameterizedTest
    @MethodSource("frames")
    void every_wrong_byte_of_a_header_is_refused(String store) throws IOException {
        byte[] frame = golden(store);
        int raw = rawBytes(frame);
        boolean stored = (frame[2] & BloscHeader.STORED) != 0;
        for (int at = 0; at < BloscHeader.BYTES; at++) {
            for (int change = 1; change < 256; change++) {
                byte[] wrong = frame.clone();
                wrong[at] ^= (byte) change;
                boolean mayBeRight = at == 2 || stored && at >= 8 && at < 12;
                assertThat(isRefused(wrong, raw) || mayBeRight)
                        .as("byte %d ^ %d", at, change)
                        .isTrue();
            }
        }
    }

    private static boolean isRefused(byte[] frame, int rawBytes) {
        try {
            decode(frame, rawBytes, 4);
            return false;
        } catch (FormatException e) {
            assertThat(e.getMessage()).startsWith(WHERE + ": ").doesNotContain("\n");
            return true;
        }
    }

    /** Deterministic damage behind the header: never anything but a refusal or some values. */
    @ParameterizedTest
    @MethodSource("frames")
    void damage_behind_the_header_is_refused_or_decoded(String store) throws IOException {
        byte[] frame = golden(store);
        int raw = rawBytes(frame);
        Philox random = Philox.stream(3, store);
        for (int trial = 0; trial < 3000; trial++) {
            byte[] wrong = frame.clone();
            for (int i = 0; i <= trial % 3; i++) {
                int at = BloscHeader.BYTES + random.below(frame.length - BloscHeader.BYTES, 8L * trial + 2 * i);
                wrong[at] = (byte) random.below(256, 8L * trial + 2 * i + 1);
            }
            isRefused(wrong, raw);
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void a_frame_that_is_cut_short_anywhere_is_refused(String store) throws IOException {
        byte[] frame = golden(store);
        for (int length = 0; length < frame.length; length += 1 + length / 20) {
            assertThat(isRefused(Arrays.copyOf(frame, length), rawBytes(frame)))
                    .as("%d bytes", length)
                    .isTrue();
        }
    }

    /** Found by fuzzing: streams were divided by the size of a number. */
    @Test
    void numbers_of_no_bytes_are_refused_whatever_is_expected() throws IOException {
        byte[] frame = golden("lz4");
        frame[3] = 0;
        assertThatThrownBy(() -> decode(frame, rawBytes(frame), 0))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("numbers of 0 bytes");
    }

    @Test
    void a_level_that_compresses_more_makes_a_smaller_frame() {
        byte[] raw = floats(100_000);
        assertThat(encode(raw, 9).length).isLessThanOrEqualTo(encode(raw, 1).length);
        assertThat(encode(raw, 3).length).isLessThan(raw.length);
    }

    @Test
    void a_frame_for_another_chunk_is_refused_before_anything_is_allocated() {
        byte[] frame = encode(floats(1000), 3);
        assertThatThrownBy(() -> decode(frame, 4004, 4))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("decodes to 4000 bytes, a chunk has 4004");
        assertThatThrownBy(() -> decode(frame, 4000, 2))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("numbers of 4 bytes, the array's have 2");
    }
}
