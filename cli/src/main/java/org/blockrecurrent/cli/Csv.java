package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.blockrecurrent.dynamics.report.Table;
import org.blockrecurrent.tensor.io.AtomicFile;

/** Writes a table as CSV (RFC 4180): cells with a comma or a quote are quoted. */
final class Csv {
    private Csv() {}

    static void write(Table table, Path file) {
        StringBuilder text = new StringBuilder(line(table.columns()));
        table.rows().forEach(row -> text.append(line(row)));
        AtomicFile.write(file, text.toString());
    }

    private static String line(List<String> cells) {
        return cells.stream().map(Csv::cell).collect(Collectors.joining(",", "", "\n"));
    }

    private static String cell(String text) {
        return text.matches("(?s).*[\",\\r\\n].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
