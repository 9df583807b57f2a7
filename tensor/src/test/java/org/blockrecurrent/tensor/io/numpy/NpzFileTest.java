package org.blockrecurrent.tensor.io.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.HostileFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzFileTest {
    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void every_type_is_read_in_both_byte_orders_and_both_layouts(String name) {
        try (NpzFile file = NpzFile.open(HostileFile.golden("numpy/" + name))) {
            assertThat(file.names()).hasSize(2 * 17 + 3).contains("c/?", "fortran/>f8");
            for (String array : file.names()) {
                if (array.contains("/")) {
                    double[] expected =
                            array.endsWith("?") ? new double[] {0, 1, 1, 1, 0, 1} : new double[] {1, 2, 3, 4, 5, 100};
                    assertThat(file.shape(array)).as(array).isEqualTo(Shape.of(2, 3));
                    assertThat(file.doubles(array)).as(array).containsExactly(expected);
                }
            }
            assertThat(file.floats("scalar")).containsExactly(2.5f);
            assertThat(file.shape("empty")).isEqualTo(Shape.of(2, 0, 3));
            assertThat(file.floats("empty")).isEmpty();
            assertThat(file.floats("one")).containsExactly(0, 1, 2, 3, 4);
            assertThat(file.dtype("c/>i2")).isEqualTo("I16");
            assertThat(file.longs("c/>i2")).containsExactly(1, 2, 3, 4, 5, 100);
            assertThat(file.metadata()).isEmpty();
            assertThatThrownBy(() -> file.floats("scalars")).hasMessageContaining("did you mean 'scalar'?");
        }
    }

    /** Whatever byte is another one, no array comes out with other values. */
    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void a_changed_byte_is_noticed(String name, @TempDir Path folder) throws IOException {
        byte[] good = Files.readAllBytes(HostileFile.golden("numpy/" + name));
        Path path = folder.resolve(name);
        for (int at = 0; at < good.length; at += 7) {
            byte[] bytes = good.clone();
            bytes[at] ^= 0x55;
            Files.write(path, bytes);
            try (NpzFile file = NpzFile.open(path);
                    NpzFile expected = NpzFile.open(HostileFile.golden("numpy/" + name))) {
                assertThat(file.names()).isEqualTo(expected.names());
                for (String array : expected.names()) {
                    assertThat(file.doubles(array)).as("byte %d, %s", at, array).isEqualTo(expected.doubles(array));
                }
            } catch (FormatException e) {
                assertThat(e).hasMessageStartingWith(path.toString());
            }
        }
    }
}
