package org.blockrecurrent.dynamics.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartTest {
    private static String linePath(LineChart chart) throws Exception {
        NodeList paths = ReportTest.parsed(chart.svg()).getElementsByTagName("path");
        for (int i = 0; i < paths.getLength(); i++) {
            Element path = (Element) paths.item(i);
            if (path.getAttribute("fill").equals("none")
                    && path.getTextContent().equals("line")) {
                return path.getAttribute("d");
            }
        }
        throw new AssertionError("no line in " + chart.svg());
    }

    @Test
    void a_line_is_broken_where_a_value_is_not_finite() throws Exception {
        LineChart chart = new LineChart("x", "y")
                .series("line", new double[] {1, 2, Double.NaN, 4, Double.POSITIVE_INFINITY, 6, 7});
        assertThat(linePath(chart).chars().filter(c -> c == 'M').count())
                .as("pieces")
                .isEqualTo(3);
        assertThat(chart.svg()).doesNotContain("NaN", "Infinity");
        assertThat(chart.numbers().rows().get(2)).containsExactly("2", "–");
    }

    @Test
    void values_near_overflow_are_gaps_too() throws Exception {
        LineChart chart =
                new LineChart("x", "y").series("line", new double[] {1, Double.MAX_VALUE, -Double.MAX_VALUE, 2});
        assertThat(linePath(chart).chars().filter(c -> c == 'M').count()).isEqualTo(2);
    }

    @Test
    void points_lie_inside_the_drawing() throws Exception {
        LineChart chart =
                new LineChart("x", "y").series("line", new double[] {-3, 1e-5, 250}, new double[] {-1e6, 0, 7e6});
        for (String point : linePath(chart).substring(1).split("L")) {
            String[] xy = point.split(" ");
            assertThat(Double.parseDouble(xy[0])).isBetween(0.0, Frame.WIDTH);
            assertThat(Double.parseDouble(xy[1])).isBetween(0.0, 400.0);
        }
    }

    @Test
    void nothing_to_draw_is_said_in_the_figure() throws Exception {
        List<Chart> empty = List.of(
                new LineChart("x", "loss"),
                new LineChart("x", "loss").series("none", new double[] {Double.NaN}),
                new BarChart("x", "loss", List.of()),
                new BarChart("x", "loss", List.of("a")).series("none", Double.NaN),
                new HeatMap("loss", new double[0][]),
                new HeatMap("loss", new double[][] {{Double.NaN}}));
        for (Chart chart : empty) {
            assertThat(ReportTest.parsed(chart.svg()).getDocumentElement().getTextContent())
                    .contains("Nothing to draw: there is no finite value of loss.");
            chart.numbers();
        }
    }

    @Test
    void one_value_is_drawn_with_room_around_it() throws Exception {
        String d = linePath(new LineChart("x", "y").series("line", new double[] {5}));
        assertThat(d).startsWith("M").doesNotContain("NaN");
        ReportTest.parsed(new HeatMap("same", new double[][] {{2, 2}, {2, 2}}).svg());
        ReportTest.parsed(new BarChart("x", "y", List.of("a")).series("zero", 0).svg());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 5, '0.0 0.2 0.4 0.6 0.8 1.0'",
        "0, 97, 5, '0 20 40 60 80 100'",
        "-3, 12, 5, '-5 0 5 10 15'",
        "0.013, 0.018, 5, '0.013 0.014 0.015 0.016 0.017 0.018'",
        "7, 7, 4, '5 6 7 8 9'",
        "0, 0, 2, '-0.5 0.0 0.5'",
    })
    void ticks_are_round_numbers_around_the_values(double from, double to, int count, String expected) {
        Ticks ticks = Ticks.around(from, to, count);
        double rounding = 1e-8 * ticks.step();
        assertThat(ticks.low()).isLessThanOrEqualTo(from + rounding);
        assertThat(ticks.high()).isGreaterThanOrEqualTo(to - rounding);
        assertThat(ticks.values().stream().map(ticks::label).toList()).isEqualTo(List.of(expected.split(" ")));
    }

    @Test
    void layers_are_marked_at_whole_numbers() {
        Ticks layers = Ticks.whole(0, 8, 10);
        assertThat(layers.values().stream().map(layers::label).toList())
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(Ticks.whole(0, 24, 10).values()).contains(0.0, 5.0, 20.0).doesNotContain(1.0);
    }

    @Test
    void numbers_are_short_and_keep_four_digits() {
        assertThat(Text.number(0.123456)).isEqualTo("0.1235");
        assertThat(Text.number(1234.56)).isEqualTo("1235");
        assertThat(Text.number(12)).isEqualTo("12");
        assertThat(Text.number(-1.5e-9)).isEqualTo("-1.5E-9");
        assertThat(Text.number(Double.NaN)).isEqualTo("–");
        assertThat(Text.percent(0.85123)).isEqualTo("85.1 %");
        assertThat(Text.fixed(-0.001, 2)).isEqualTo("0.00");
    }

    @Test
    void long_curves_are_thinned_in_the_table_but_not_in_the_drawing() throws Exception {
        double[] y = new double[1000];
        LineChart chart = new LineChart("step", "loss").series("line", y);
        assertThat(chart.numbers().rows()).hasSizeLessThanOrEqualTo(31);
        assertThat(chart.numbers().rows().get(chart.numbers().rows().size() - 1).get(0))
                .isEqualTo("999");
        assertThat(linePath(chart).chars().filter(c -> c == 'L').count()).isEqualTo(999);
    }

    @Test
    void phases_are_bands_with_their_layers_to_read() {
        assertThat(new LineChart("layer", "y")
                        .phases(SampleData.THREE)
                        .series("line", new double[9])
                        .svg())
                .contains("class=\"band0\"", "class=\"band1\"", "phase 2: layers 4 to 6");
    }

    @Test
    void lengths_that_do_not_agree_are_refused() {
        assertThatThrownBy(() -> new LineChart("x", "y").series("s", new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BarChart("x", "y", List.of("a")).series("s", 1, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HeatMap("v", new double[][] {{1, 2}}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
