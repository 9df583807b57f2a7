package org.blockrecurrent.tensor.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.blockrecurrent.tensor.backend.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionsTest {
    /** Rounding of exp(−x²), relative: x² carries an error of 2⁻⁵³ x² into the exponent. */
    private static final double RELATIVE = 4e-15;

    /** From tables of erfc to 16 digits (Abramowitz and Stegun 7.1 and its extensions). */
    @ParameterizedTest(name = "erfc({0})")
    @CsvSource({
        "0, 1", "0.5, 0.4795001221869535", "1, 0.15729920705028513", "1.5, 0.033894853524689274",
        "2, 0.004677734981047266", "3, 2.209049699858544e-5", "5, 1.5374597944280349e-12", "10, 2.088487583762545e-45",
        "-1, 1.8427007929497148", "-2, 1.9953222650189528", "-5, 1.9999999999984626"
    })
    void erfc_has_the_digits_of_the_tables(double x, double expected) {
        double absoluteOfSeries = Math.abs(x) < 2 ? 4e-16 : 0;
        assertThat(Functions.erfc(x)).isCloseTo(expected, within(RELATIVE * expected + absoluteOfSeries));
    }

    @Test
    void series_and_continued_fraction_of_erfc_meet() {
        double slope = 2 / Math.sqrt(Math.PI) * Math.exp(-4);
        double step = 1e-9;
        double below = Functions.erfc(2 - step);
        double above = Functions.erfc(2);
        assertThat(below - above).isCloseTo(slope * step, within(1e-15));
    }

    @ParameterizedTest(name = "at {0}")
    @ValueSource(doubles = {-40, -8, -1.3, 0, 0.2, 2.9, 8, 40})
    void derivatives_are_the_slopes_of_their_functions(double x) {
        double h = 1e-5;
        for (Activation f : Activation.values()) {
            double slope = (Functions.apply(f, x + h) - Functions.apply(f, x - h)) / (2 * h);
            assertThat(Functions.derivative(f, x)).as("%s", f).isCloseTo(slope, within(1e-9));
        }
    }

    @Test
    void nan_stays_nan() {
        for (Activation f : Activation.values()) {
            assertThat(Functions.apply(f, Double.NaN)).isNaN();
            assertThat(Functions.derivative(f, Double.NaN)).isNaN();
        }
    }

    @Test
    void a_float_constant_is_read_as_the_decimal_it_was_written_as() {
        assertThat(Decimal.of(0.1f)).isEqualTo(0.1);
        assertThat(Decimal.of(1e-6f)).isEqualTo(1e-6);
        assertThat(Decimal.of(0.999f)).isEqualTo(0.999);
        assertThat(Decimal.of(3)).isEqualTo(3);
    }
}
