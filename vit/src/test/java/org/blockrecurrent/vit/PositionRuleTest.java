package org.blockrecurrent.vit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every rule has to keep; that the rules are the libraries' is shown by the golden position tables. */
class PositionRuleTest {
    @ParameterizedTest
    @ValueSource(strings = {"hub", "hub_reg", "hf", "hf_reg", "timm", "timm_align_corners"})
    void a_constant_table_stays_constant_and_its_first_rows_are_copied(String name) {
        double[] table = new double[(2 + 25) * 3];
        Arrays.fill(table, 0.7);
        for (int i = 0; i < 6; i++) {
            table[i] = i;
        }
        double[] resampled = PositionRule.named(name).resample(table, 2, 3, 5, 5, 3, 8);
        assertThat(resampled).hasSize((2 + 24) * 3);
        assertThat(Arrays.copyOf(resampled, 6)).containsExactly(0, 1, 2, 3, 4, 5);
        for (int i = 6; i < resampled.length; i++) {
            assertThat(resampled[i]).isCloseTo(0.7, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hub_reg", "hf", "timm", "timm_align_corners"})
    void a_table_resampled_to_its_own_grid_is_itself(String name) {
        double[] table = new double[4 * 6];
        for (int i = 0; i < table.length; i++) {
            table[i] = Math.sin(i);
        }
        double[] resampled = PositionRule.named(name).resample(table, 0, 1, 4, 6, 4, 6);
        for (int i = 0; i < table.length; i++) {
            assertThat(resampled[i]).isCloseTo(table[i], within(1e-12));
        }
    }

    @Test
    void rows_and_columns_are_not_mixed_up() {
        double[] rowNumbers = {0, 0, 0, 1, 1, 1, 2, 2, 2};
        double[] resampled = PositionRule.BICUBIC.resample(rowNumbers, 0, 1, 3, 3, 3, 5);
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 5; column++) {
                assertThat(resampled[row * 5 + column]).isCloseTo(row, within(1e-12));
            }
        }
    }

    @Test
    void an_unknown_rule_is_refused_with_the_names_of_the_known_ones() {
        assertThatThrownBy(() -> PositionRule.named("bilinear"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("bilinear")
                .hasMessageContaining("hub_reg");
        assertThatThrownBy(() -> new PositionRule(-1, false, false)).isInstanceOf(InvalidInputException.class);
    }
}
