package org.blockrecurrent.tensor.io.numpy;

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
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.HostileFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
    @TempDir
    Path folder;

    private static float[] counting(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cube.npy", "cube_fortran.npy"})
    void values_come_row_major_whatever_their_order_in_the_file(String name) {
        try (NpyFile file = NpyFile.open(HostileFile.golden("numpy/" + name))) {
            assertThat(file.shape()).isEqualTo(Shape.of(2, 3, 4));
            assertThat(file.dtype()).isEqualTo("F32");
            assertThat(file.floats()).containsExactly(counting(24));
            assertThat(file.doubles()[23]).isEqualTo(23);
            assertThatThrownBy(file::longs).hasMessageContaining("the array: has dtype F32, whole numbers are needed");
        }
    }

    @Test
    void the_bytes_that_we_write_are_those_that_numpy_writes() {
        Path path = folder.resolve("cube.npy");
        NpyWriter.write(path, Shape.of(2, 3, 4), counting(24));
        assertThat(path).hasSameBinaryContentAs(HostileFile.golden("numpy/cube.npy"));
    }

    @Test
    void what_was_written_is_read_back() {
        Path path = folder.resolve("x.npy");
        NpyWriter.write(path, Shape.of(), new double[] {0.1});
        try (NpyFile file = NpyFile.open(path)) {
            assertThat(file.shape()).isEqualTo(Shape.of());
            assertThat(file.doubles()).containsExactly(0.1);
        }
        NpyWriter.write(path, Shape.of(3), new long[] {Long.MIN_VALUE, 0, 5});
        try (NpyFile file = NpyFile.open(path)) {
            assertThat(file.longs()).containsExactly(Long.MIN_VALUE, 0, 5);
        }
        NpyWriter.write(path, Shape.of(30_000), counting(30_000));
        try (NpyFile file = NpyFile.open(path)) {
            assertThat(file.floats()).containsExactly(counting(30_000));
        }
        assertThatThrownBy(() -> NpyWriter.write(path, Shape.of(2), new float[3]))
                .isInstanceOf(ShapeException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {'shape': (2,), 'fortran_order': False, 'descr': '<f4'}      | accepted
        {'descr':'<f4','fortran_order':True,'shape':(2,),}           | accepted
        {'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }  | accepted
        {'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x  | text after the closing brace
        {'descr': '<f4', 'fortran_order': False, 'shape': (2,)       | expected ,
        {'descr': '<f4', 'fortran_order': False, 'shape': 2}         | expected (
        {'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}          | neither True nor False
        {'descr': '<f4', 'fortran_order': False, 'shape': (+2,)}     | no whole number
        {'descr': '<f4', 'fortran_order': False, 'shape': (2.0,)}    | expected ,
        {'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999,)} | no whole number
        {'descr': '<f4', 'shape': (2,)}                              | fortran_order is missing
        {'fortran_order': False, 'shape': (2,)}                      | descr is missing
        {'descr': '<f4', 'fortran_order': False}                     | shape is missing
        {'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)} | duplicate key descr
        {'descr': '<f4', 'more': 1, 'fortran_order': False, 'shape': (2,)} | unknown key 'more'
        {'descr: <f4                                                 | a text without end
        {'descr': '<c8', 'fortran_order': False, 'shape': (1,)}      | unsupported dtype '<c8'
        {'descr': '<f3', 'fortran_order': False, 'shape': (2,)}      | unsupported dtype '<f3'
        {'descr': '<U4', 'fortran_order': False, 'shape': (2,)}      | unsupported dtype '<U4'
        {'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)} | unsupported dtype, one with fields
        """)
    void a_header_is_taken_word_by_word(String header, String complaint) throws IOException {
        Path path = file(header, 8);
        if (complaint.equals("accepted")) {
            try (NpyFile file = NpyFile.open(path)) {
                assertThat(file.floats()).containsExactly(0, 0);
            }
        } else {
            assertThatThrownBy(() -> NpyFile.open(path))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining(complaint);
        }
    }

    @Test
    void extents_that_a_zero_absorbs_are_no_shape_but_have_no_values() throws IOException {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 99999999999, 99999999999)}";
        try (NpyFile file = NpyFile.open(file(header, 0))) {
            assertThat(file.floats()).isEmpty();
            assertThatThrownBy(file::shape).isInstanceOf(FormatException.class);
        }
    }

    private Path file(String header, int dataBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(10 + header.length() + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        bytes.putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        return Files.write(folder.resolve("made.npy"), bytes.array());
    }
}
