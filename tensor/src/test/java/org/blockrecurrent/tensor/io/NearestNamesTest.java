package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {
    @Test
    void distances_are_levenshteins() {
        assertThat(NearestNames.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestNames.distance("", "abc")).isEqualTo(3);
        assertThat(NearestNames.distance("same", "same")).isZero();
        assertThat(NearestNames.distance("flaw", "lawn")).isEqualTo(2);
    }

    @Test
    void the_nearest_name_is_found_and_a_far_one_is_not_suggested() {
        List<String> names = List.of("blocks.0.attn.weight", "blocks.1.attn.weight", "head");
        assertThat(NearestNames.nearest("block.1.attn.weight", names)).isEqualTo("blocks.1.attn.weight");
        assertThat(NearestNames.nearest("tail", names)).isNull();
        assertThat(NearestNames.hint("heat", names)).isEqualTo("; did you mean 'head'?");
    }
}
