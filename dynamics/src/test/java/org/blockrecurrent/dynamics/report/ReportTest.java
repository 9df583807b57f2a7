package org.blockrecurrent.dynamics.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.blockrecurrent.dynamics.MeasureTable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ReportTest {
    private static final String NASTY = "<script>alert('x')</script> & \"quotes\" \u0000 \uD800 end";

    static Document parsed(String markup) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(markup.getBytes(StandardCharsets.UTF_8)));
    }

    /** Leaves the page in {@code target/sample-report.html}, to be looked at. */
    @Test
    void a_full_page_is_well_formed_and_self_contained() throws Exception {
        Path file = Path.of("target", "sample-report.html");
        SampleData.report().write(file);
        String html = Files.readString(file, StandardCharsets.UTF_8);
        Document page = parsed(html);
        assertThat(page.getElementsByTagName("figure").getLength())
                .isEqualTo(page.getElementsByTagName("figcaption").getLength())
                .isEqualTo(page.getElementsByTagName("details").getLength())
                .isGreaterThan(20);
        assertThat(html).doesNotContain("NaN", "Infinity", "src=", "@import", "url(");
        assertThat(html.replace("http://www.w3.org/", "")).doesNotContain("http");
    }

    @Test
    void the_same_data_gives_the_same_page() {
        assertThat(SampleData.report().html()).isEqualTo(SampleData.report().html());
    }

    @Test
    void every_text_is_escaped() throws Exception {
        Report report = new Report(NASTY).paragraph(NASTY).highlight(NASTY, NASTY);
        Section section = report.section(NASTY, NASTY).heading(NASTY).paragraph(NASTY);
        section.table(NASTY, new Table(List.of(NASTY), List.of(List.of(NASTY))));
        section.figure(NASTY, new LineChart(NASTY, NASTY).series(NASTY, new double[] {1, 2}), NASTY);
        section.figure(
                NASTY,
                new BarChart(NASTY, NASTY, List.of(NASTY)).series(NASTY, 1).reference(NASTY, 2),
                NASTY);
        section.figure(
                NASTY, new HeatMap(NASTY, new double[][] {{1}}).phases(NASTY, List.of(new PhaseBand(1, 1))), NASTY);
        section.figure(NASTY, new LineChart(NASTY, NASTY), NASTY);
        Document page = parsed(report.html());
        assertThat(page.getElementsByTagName("script").getLength())
                .as("only the page's own")
                .isEqualTo(1);
        assertThat(page.getElementsByTagName("h1").item(0).getTextContent())
                .isEqualTo("<script>alert('x')</script> & \"quotes\" \uFFFD \uFFFD end");
    }

    @Test
    void dynamics_without_rows_add_a_section_without_figures() throws Exception {
        Report report = new Report("empty");
        new DynamicsFigures(MeasureTable.empty(), List.of(), java.util.Set.of()).addTo(report);
        assertThat(parsed(report.html()).getElementsByTagName("figure").getLength())
                .isZero();
    }

    @Test
    void a_row_that_does_not_fit_its_table_is_refused() {
        assertThatThrownBy(() -> new Table(List.of("a", "b"), List.of(List.of("1"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_course_is_put_in_words() {
        assertThat(Course.inWords("teacher", new double[] {Double.NaN, 0.5, 0.6, 0.95, 1}))
                .isEqualTo(
                        "Teacher goes from 0.5 (ℓ\u00A0=\u00A01) to 1 (ℓ\u00A0=\u00A04); it changes most between ℓ\u00A0=\u00A02 and 3.");
        assertThat(Course.inWords("identity", new double[] {1, 1, 1})).isEqualTo("Identity stays at 1.");
        assertThat(Course.inWords("broken", new double[] {1, Double.NaN, 1})).isEmpty();
    }
}
