package org.blockrecurrent.dynamics.report;

import java.util.ArrayList;
import java.util.List;

/** A part of a report: a heading, lead paragraphs, and figures and tables in the order in which they are added. */
public final class Section {
    private final String id;
    private final String heading;
    private final List<String> lead;
    private final List<String> parts = new ArrayList<>();

    Section(String id, String heading, List<String> lead) {
        this.id = id;
        this.heading = heading;
        this.lead = List.copyOf(lead);
    }

    /** Adds a chart with a title, its numbers, and a paragraph that says what is seen. Two stand side by side. */
    public Section figure(String title, Chart chart, String whatYouSee) {
        parts.add("<figure>\n<h3>" + Text.escape(title) + "</h3>\n" + chart.svg()
                + "<figcaption>" + Text.escape(whatYouSee) + "</figcaption>\n"
                + "<details><summary>Numbers</summary>\n" + chart.numbers().html() + "</details>\n</figure>\n");
        return this;
    }

    /** Adds a table over the full width, with a title. */
    public Section table(String title, Table table) {
        parts.add("<div class=\"wide\">\n<h3>" + Text.escape(title) + "</h3>\n" + table.html() + "</div>\n");
        return this;
    }

    /** Adds a smaller heading over the full width. */
    public Section heading(String text) {
        parts.add("<h3 class=\"wide group\">" + Text.escape(text) + "</h3>\n");
        return this;
    }

    /** Adds a paragraph over the full width. */
    public Section paragraph(String text) {
        parts.add("<p class=\"wide\">" + Text.escape(text) + "</p>\n");
        return this;
    }

    void appendLink(StringBuilder html) {
        html.append("<a href=\"#")
                .append(id)
                .append("\">")
                .append(Text.escape(heading))
                .append("</a>");
    }

    void appendTo(StringBuilder html) {
        html.append("<section id=\"")
                .append(id)
                .append("\">\n<h2>")
                .append(Text.escape(heading))
                .append("</h2>\n");
        lead.forEach(text ->
                html.append("<p class=\"lead\">").append(Text.escape(text)).append("</p>\n"));
        html.append("<div class=\"grid2\">\n");
        parts.forEach(html::append);
        html.append("</div>\n</section>\n");
    }
}
