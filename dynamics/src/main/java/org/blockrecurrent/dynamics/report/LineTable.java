package org.blockrecurrent.dynamics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The numbers of a line chart: a row for every x, or for every n-th x where there are many, and always the last. */
final class LineTable {
    private static final int ROWS = 30;

    private LineTable() {}

    static Table of(String xLabel, List<Line> lines, ValueFormat format) {
        List<String> columns = new ArrayList<>(List.of(xLabel));
        SortedMap<Double, String[]> cells = new TreeMap<>();
        for (int column = 0; column < lines.size(); column++) {
            Line line = lines.get(column);
            columns.add(line.name());
            for (int i = 0; i < line.x().length; i++) {
                cells.computeIfAbsent(line.x()[i], x -> new String[lines.size()])[column] = format.text(line.y()[i]);
            }
        }
        return new Table(columns, thinned(cells));
    }

    private static List<List<String>> thinned(SortedMap<Double, String[]> cells) {
        List<List<String>> rows = new ArrayList<>();
        int every = 1 + (cells.size() - 1) / ROWS;
        int at = 0;
        for (Map.Entry<Double, String[]> entry : cells.entrySet()) {
            if (at % every == 0 || at == cells.size() - 1) {
                rows.add(row(entry.getKey(), entry.getValue()));
            }
            at++;
        }
        return rows;
    }

    private static List<String> row(double x, String[] values) {
        List<String> row = new ArrayList<>(List.of(Text.number(x)));
        for (String value : values) {
            row.add(value == null ? "" : value);
        }
        return row;
    }
}
