package org.blockrecurrent.dynamics.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.io.AtomicFile;

/**
 * A page of sections with figures.
 *
 * <pre>{@code
 * Report report = new Report("A small ViT, rewritten with three blocks")
 *     .paragraph("Trained on …")
 *     .highlight("85.0 %", "teacher accuracy");
 * report.section("Phases", "Layers that do alike …")
 *     .figure("Dissimilarity of layers", new HeatMap(…), "Dark blocks off the diagonal …");
 * report.write(folder.resolve("report.html"));
 * }</pre>
 */
public final class Report {
    private record Highlight(String value, String meaning) {}

    private final String title;
    private final List<String> paragraphs = new ArrayList<>();
    private final List<Highlight> highlights = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();

    public Report(String title) {
        this.title = title;
    }

    /** Adds a paragraph below the title. */
    public Report paragraph(String text) {
        paragraphs.add(text);
        return this;
    }

    /** Adds a number to be seen first, large, with what it means. */
    public Report highlight(String value, String meaning) {
        highlights.add(new Highlight(value, meaning));
        return this;
    }

    /** Adds a section, to be filled with figures and tables. */
    public Section section(String heading, String... lead) {
        Section section = new Section("section-" + (sections.size() + 1), heading, List.of(lead));
        sections.add(section);
        return section;
    }

    /** The page. */
    public String html() {
        StringBuilder html = new StringBuilder();
        html.append("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n");
        html.append("<meta charset=\"UTF-8\" />\n");
        html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n");
        html.append("<title>").append(Text.escape(title)).append("</title>\n");
        html.append("<style>\n").append(Looks.CSS).append("</style>\n</head>\n<body>\n<main>\n");
        appendHeader(html);
        sections.forEach(section -> section.appendTo(html));
        html.append("</main>\n<script>").append(Looks.OPEN_TABLES_TO_PRINT).append("</script>\n</body>\n</html>\n");
        return html.toString();
    }

    private void appendHeader(StringBuilder html) {
        html.append("<header>\n<h1>").append(Text.escape(title)).append("</h1>\n");
        paragraphs.forEach(text ->
                html.append("<p class=\"lead\">").append(Text.escape(text)).append("</p>\n"));
        if (!highlights.isEmpty()) {
            html.append("<div class=\"highlights\">\n");
            for (Highlight highlight : highlights) {
                html.append("<div><b>").append(Text.escape(highlight.value)).append("</b><span>");
                html.append(Text.escape(highlight.meaning)).append("</span></div>\n");
            }
            html.append("</div>\n");
        }
        if (sections.size() > 1) {
            html.append("<nav>");
            sections.forEach(section -> section.appendLink(html));
            html.append("</nav>\n");
        }
        html.append("</header>\n");
    }

    /** Writes the page under its final name only once it is complete. */
    public void write(Path file) {
        AtomicFile.write(file, html());
    }
}
