package org.blockrecurrent.raptor.store.zarr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;

/** LZ4 and BloscLZ on streams made by hand: what the stores of the fixtures are too small to hold. */
class Lz77Test {
    private static byte[] lz4(int size, int... stream) throws DataFormatException {
        byte[] target = new byte[size];
        Expansion expansion = expansion(target, stream);
        Lz4.decode(expansion);
        return Arrays.copyOf(target, expansion.decoded());
    }

    private static byte[] blosclz(int size, int... stream) throws DataFormatException {
        byte[] target = new byte[size];
        Expansion expansion = expansion(target, stream);
        BloscLz.decode(expansion);
        return Arrays.copyOf(target, expansion.decoded());
    }

    private static Expansion expansion(byte[] target, int... stream) {
        byte[] source = new byte[stream.length];
        for (int i = 0; i < stream.length; i++) {
            source[i] = (byte) stream[i];
        }
        return new Expansion(source, 0, source.length, target, 0, target.length);
    }

    @Test
    void lz4_copies_reach_into_what_they_make() throws DataFormatException {
        assertThat(lz4(20, 0x21, 'a', 'b', 2, 0, 0x10, 'c'))
                .isEqualTo("abababac".substring(0, 7).concat("c").getBytes());
    }

    @Test
    void lz4_lengths_go_on_in_the_next_bytes() throws DataFormatException {
        byte[] long300 = lz4(400, 0x1F, 'x', 1, 0, 255, 26, 0x10, 'y');
        assertThat(long300).hasSize(1 + 15 + 255 + 26 + 4 + 1);
        assertThat(long300[long300.length - 2]).isEqualTo((byte) 'x');
        assertThat(long300[long300.length - 1]).isEqualTo((byte) 'y');
    }

    @Test
    void blosclz_begins_with_literals_whatever_the_upper_bits_say() throws DataFormatException {
        assertThat(blosclz(9, 0xE1, 'a', 'b', 0x20, 1)).isEqualTo("ababa".getBytes());
    }

    @Test
    void blosclz_lengths_go_on_in_the_next_bytes() throws DataFormatException {
        assertThat(blosclz(999, 0, 'a', 0xE0, 255, 3, 0)).hasSize(1 + 7 + 255 + 3 + 2);
    }

    @Test
    void blosclz_reaches_farther_back_than_13_bits() throws DataFormatException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        int literals = 9000;
        for (int i = 0; i < literals; i++) {
            if (i % 30 == 0) {
                stream.write(29);
            }
            stream.write(i * 7 % 251);
        }
        int distance = 8900;
        stream.writeBytes(new byte[] {0x3F, (byte) 255, (byte) (distance - 8192 >> 8), (byte) (distance - 8192)});
        byte[] target = new byte[9100];
        Expansion expansion = new Expansion(stream.toByteArray(), 0, stream.size(), target, 0, target.length);
        BloscLz.decode(expansion);
        assertThat(expansion.decoded()).isEqualTo(literals + 3);
        for (int i = 0; i < 3; i++) {
            assertThat(target[literals + i]).isEqualTo(target[literals + i - distance]);
        }
    }

    @Test
    void what_reaches_outside_is_refused() {
        assertRefused("copies from before", () -> lz4(20, 0x10, 'a', 2, 0));
        assertRefused("copies from before", () -> lz4(20, 0x10, 'a', 0, 0));
        assertRefused("longer than its block", () -> lz4(4, 0x10, 'a', 1, 0));
        assertRefused("longer than its block", () -> lz4(2, 0x30, 'a', 'b', 'c'));
        assertRefused("ends early", () -> lz4(20, 0x30, 'a'));
        assertRefused("ends early", () -> lz4(300, 0xF0, 255));
        assertRefused("longer than its block", () -> lz4(300, 0xF0, 255, 255, 255));
        assertRefused("copies from before", () -> blosclz(20, 0, 'a', 0x20, 1));
        assertRefused("ends early", () -> blosclz(20, 3, 'a'));
        assertRefused("ends early", () -> blosclz(20));
    }

    private static void assertRefused(String part, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(DataFormatException.class).hasMessageContaining(part);
    }
}
