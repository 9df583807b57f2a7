package org.blockrecurrent.raptor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreSizeTest {
    @TempDir
    private Path folder;

    @Test
    void the_published_store_takes_thirteen_terabytes() {
        StoreSize imageNet = new StoreSize(1_281_167, 13, 261, 768);
        assertThat(imageNet).hasToString("1281167 images x 13 states x 261 tokens x 768 channels x 4 bytes = 13.35 TB");
    }

    @Test
    void a_store_that_does_not_fit_the_disk_is_refused_before_it_is_begun() {
        StoreSize huge = new StoreSize(Integer.MAX_VALUE, 100, 10_000, 10_000);
        assertThatThrownBy(() -> huge.requireSpace(folder.resolve("not/there/yet"), 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("EB")
                .hasMessageContaining("choose another disk");
        new StoreSize(1, 2, 3, 4).requireSpace(folder.resolve("not/there/yet"), 1);
    }

    @Test
    void sizes_are_shown_in_decimal_units() {
        assertThat(StoreSize.text(999)).isEqualTo("999 B");
        assertThat(StoreSize.text(1_000)).isEqualTo("1.00 kB");
        assertThat(StoreSize.text(410.4e6)).isEqualTo("410.40 MB");
    }
}
