package org.blockrecurrent.vit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxReaderTest {
    private static final int CLASSES = 10;

    private static InputStream hostile(String name) {
        InputStream in = IdxReaderTest.class.getResourceAsStream("/hostile/idx/" + name);
        assertThat(in).as(name).isNotNull();
        return in;
    }

    @ParameterizedTest
    @ValueSource(strings = {"good-images-idx3-ubyte", "good-images-idx3-ubyte.gz", "not_gzip-images-idx3-ubyte.gz"})
    void a_good_file_is_read_whatever_its_name_says_of_gzip(String name) throws IOException {
        IdxReader.Images images = IdxReader.images(name, hostile(name));
        assertThat(images.count()).isEqualTo(3);
        assertThat(images.height()).isEqualTo(4);
        assertThat(images.width()).isEqualTo(4);
        byte[] plain = hostile("good-images-idx3-ubyte").readAllBytes();
        assertThat(images.pixels()).isEqualTo(java.util.Arrays.copyOfRange(plain, 16, plain.length));
    }

    @Test
    void good_labels_are_read() {
        assertThat(IdxReader.labels("good", hostile("good-labels-idx1-ubyte"), CLASSES))
                .hasSize(3);
    }

    /** What is wrong, as the message says it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
      wrong_magic-idx3-ubyte            | not an IDX file
      wrong_type-idx3-ubyte             | element type 0x77
      labels_as_images-idx3-ubyte       | rank 1, expected 3
      claims_more-idx3-ubyte            | ends before 47040000 bytes of data, 100 bytes
      overflow-idx3-ubyte               | claims more than
      negative-idx3-ubyte               | claims more than
      trailing-idx3-ubyte               | more data than
      rank_255-idx3-ubyte               | rank 255
      zero_images-idx3-ubyte            | an empty data set
      empty-idx3-ubyte                  | ends before the header
      truncated-images-idx3-ubyte.gz    | ends before
      crc-images-idx3-ubyte.gz          | damaged gzip data
      bomb-images-idx3-ubyte.gz         | more data than
      """)
    void a_bad_image_file_is_refused_with_its_name_and_the_reason(String name, String reason) {
        assertThatThrownBy(() -> IdxReader.images(name, hostile(name)))
                .isInstanceOf(InvalidIdxException.class)
                .hasMessageStartingWith(name + ": ")
                .hasMessageContaining(reason)
                .hasMessageContaining("; ");
    }

    @Test
    void a_label_outside_the_classes_is_refused_with_its_index() {
        assertThatThrownBy(() -> IdxReader.labels("labels", hostile("label_200-idx1-ubyte"), CLASSES))
                .isInstanceOf(InvalidIdxException.class)
                .hasMessageContaining("label 200 at index 2");
    }

    @Test
    void a_gzip_stream_that_ends_anywhere_is_refused() throws IOException {
        byte[] whole = hostile("good-images-idx3-ubyte.gz").readAllBytes();
        for (int length = 2; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> IdxReader.images("cut", new ByteArrayInputStream(cut)))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(InvalidIdxException.class);
        }
    }

    @Test
    void a_bomb_is_unpacked_no_further_than_its_header_claims() throws IOException {
        long[] read = {0};
        byte[] bomb = hostile("bomb-images-idx3-ubyte.gz").readAllBytes();
        InputStream counted = new ByteArrayInputStream(bomb) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                int n = super.read(bytes, offset, Math.min(length, 512));
                read[0] += Math.max(0, n);
                return n;
            }
        };
        assertThatThrownBy(() -> IdxReader.images("bomb", counted)).isInstanceOf(InvalidIdxException.class);
        // Two kilobytes of the 48 unpack to more than the header claims; a reader that went on would need them all.
        assertThat(read[0]).isLessThan(bomb.length / 2);
    }

    @Test
    void a_missing_file_is_named(@TempDir Path folder) {
        assertThatThrownBy(() -> IdxReader.images(folder.resolve("none")))
                .isInstanceOf(InvalidIdxException.class)
                .hasMessageContaining(folder.resolve("none").toString());
    }

    @Test
    void labels_and_images_of_different_number_are_refused(@TempDir Path folder) throws IOException {
        copy("good-images-idx3-ubyte", folder.resolve("train-images-idx3-ubyte"));
        copy("labels_short-idx1-ubyte", folder.resolve("train-labels-idx1-ubyte"));
        assertThatThrownBy(() -> ImageSets.open("fashion-mnist:" + folder))
                .isInstanceOf(InvalidIdxException.class)
                .hasMessageContaining("3 images but 2 labels");
    }

    @Test
    void a_folder_may_mix_plain_and_gzipped_files(@TempDir Path folder) throws IOException {
        for (String half : new String[] {"train", "t10k"}) {
            copy("good-images-idx3-ubyte.gz", folder.resolve(half + "-images-idx3-ubyte.gz"));
            copy("good-labels-idx1-ubyte", folder.resolve(half + "-labels-idx1-ubyte"));
        }
        DataSet data = ImageSets.open("fashion-mnist:" + folder);
        assertThat(data.train().count()).isEqualTo(3);
        assertThat(data.test().count()).isEqualTo(3);
    }

    @Test
    void an_empty_gzip_file_is_refused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new GZIPOutputStream(bytes).close();
        assertThatThrownBy(() -> IdxReader.images("empty", new ByteArrayInputStream(bytes.toByteArray())))
                .isInstanceOf(InvalidIdxException.class)
                .hasMessageContaining("ends before the header");
    }

    private static void copy(String name, Path target) throws IOException {
        try (InputStream in = hostile(name)) {
            Files.copy(in, target);
        }
    }
}
