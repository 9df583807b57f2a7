package org.blockrecurrent.dynamics.report;

import java.util.List;
import java.util.regex.Pattern;

/** Column headings and rows of cells, as text. Columns of numbers are set flush right. */
public record Table(List<String> columns, List<List<String>> rows) {
    /** A number, perhaps with a unit, a spread or a power of ten; a dash; or nothing. */
    private static final Pattern NUMERIC =
            Pattern.compile("[-−+]?[0-9][0-9.,]*(E-?[0-9]+)?( ?± ?[0-9.]+)?( ?[%°a-zA-Z]{1,8})?|–|");

    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "a row of " + row.size() + " cells in a table of " + columns + ": " + row);
            }
        }
    }

    /** A {@code <table>} element. */
    String html() {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
        for (int i = 0; i < columns.size(); i++) {
            html.append(cell("th", i, columns.get(i)));
        }
        html.append("</tr></thead><tbody>");
        for (List<String> row : rows) {
            html.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                html.append(cell("td", i, row.get(i)));
            }
            html.append("</tr>");
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    private String cell(String tag, int column, String text) {
        String open = isNumeric(column) ? "<" + tag + " class=\"number\">" : "<" + tag + ">";
        return open + Text.escape(text) + "</" + tag + ">";
    }

    private boolean isNumeric(int column) {
        return rows.stream().allMatch(row -> NUMERIC.matcher(row.get(column)).matches());
    }
}
