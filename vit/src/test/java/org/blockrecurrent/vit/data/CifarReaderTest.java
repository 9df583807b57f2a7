package org.blockrecurrent.vit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.image.PictureFixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CifarReaderTest {
    private static final int IMAGE_BYTES = 3 * 32 * 32;

    @TempDir
    Path folder;

    static List<PictureFixtures.Hostile> hostile() {
        return PictureFixtures.hostile("cifar");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void a_bad_file_is_refused_with_its_name_and_a_good_one_read(PictureFixtures.Hostile hostile) throws IOException {
        if (hostile.expect().equals("error")) {
            assertThatThrownBy(() -> CifarReader.read(List.of(hostile.file()), 10))
                    .isInstanceOf(InvalidCifarException.class)
                    .hasMessageStartingWith(hostile.file() + ": ")
                    .hasMessageContaining("; ");
            return;
        }
        byte[] file = Files.readAllBytes(hostile.file());
        CifarReader.Images images = CifarReader.read(List.of(hostile.file()), 10);
        int count = file.length / (1 + IMAGE_BYTES);
        assertThat(images.labels()).hasSize(count);
        for (int i = 0; i < count; i++) {
            int at = i * (1 + IMAGE_BYTES);
            assertThat(images.labels()[i]).isEqualTo(file[at]);
            assertThat(Arrays.copyOfRange(images.pixels(), i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES))
                    .isEqualTo(Arrays.copyOfRange(file, at + 1, at + 1 + IMAGE_BYTES));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
      truncated.bin       | 6246 bytes are no whole number of records of 3073 bytes (100 too many)
      label_11.bin        | label 11 of record 0 is not in 0 … 9
      empty.bin           | an empty data set
      cifar100_as_10.bin  | 9222 bytes are no whole number of records
      """)
    void the_message_says_what_is_wrong(String name, String reason) {
        Path file = PictureFixtures.folder("hostile/cifar").resolve(name);
        assertThatThrownBy(() -> CifarReader.read(List.of(file), 10)).hasMessageContaining(reason);
    }

    private void write(String name, int records, int... labelBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int record = 0; record < records; record++) {
            for (int label : labelBytes) {
                out.write(label);
            }
            for (int i = 0; i < IMAGE_BYTES; i++) {
                out.write(record + i / 1024 * 50);
            }
        }
        Files.write(folder.resolve(name), out.toByteArray());
    }

    @Test
    void cifar10_is_five_files_and_one() throws IOException {
        for (int part = 1; part <= 5; part++) {
            write("data_batch_" + part + ".bin", part, part);
        }
        assertThatThrownBy(() -> ImageSets.open("cifar10:" + folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no test_batch.bin in " + folder)
                .hasMessageContaining("cs.toronto.edu");
        write("test_batch.bin", 2, 9);
        DataSet data = ImageSets.open("cifar10:" + folder);
        assertThat(data.train().count()).isEqualTo(15);
        assertThat(data.train().label(14)).isEqualTo(5);
        assertThat(data.test().count()).isEqualTo(2);
        assertThat(data.test().classNames()).hasSize(10).startsWith("airplane").endsWith("truck");
        assertThat(((ByteImages) data.train()).pixel(14, 2, 31, 31)).isEqualTo(4 + 100);
        assertThat(((ByteImages) data.train()).pixel(14, 1, 0, 0)).isEqualTo(4 + 50);
    }

    @Test
    void cifar100_has_fine_labels_and_their_names() throws IOException {
        write("train.bin", 3, 19, 99);
        write("test.bin", 1, 0, 42);
        DataSet data = ImageSets.open("cifar100:" + folder);
        assertThat(data.train().label(2)).isEqualTo(99);
        assertThat(data.train().classNames()).hasSize(100).contains("42");
        assertThat(((ByteImages) data.test()).pixel(0, 2, 0, 0)).isEqualTo(100);

        Files.writeString(folder.resolve("fine_label_names.txt"), "apple\n".repeat(99) + "worm\n\n");
        assertThat(ImageSets.open("cifar100:" + folder).test().classNames()).endsWith("worm");
        Files.writeString(folder.resolve("fine_label_names.txt"), "apple\n");
        assertThatThrownBy(() -> ImageSets.open("cifar100:" + folder)).hasMessageContaining("names 1 classes");
    }

    @Test
    void labels_of_both_kinds_are_checked() throws IOException {
        write("train.bin", 3, 20, 5);
        assertThatThrownBy(() -> CifarReader.read(List.of(folder.resolve("train.bin")), 100))
                .hasMessageContaining("coarse label 20 of record 0 is not in 0 … 19");
        write("train.bin", 3, 1, 100);
        assertThatThrownBy(() -> CifarReader.read(List.of(folder.resolve("train.bin")), 100))
                .hasMessageContaining("label 100 of record 0");
    }
}
