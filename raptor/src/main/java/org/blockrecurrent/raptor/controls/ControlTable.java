package org.blockrecurrent.raptor.controls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All measurements, as tidy CSV and as a table of means over seeds with their intervals. */
public final class ControlTable {
    private final List<ControlRow> rows = new ArrayList<>();

    void add(ControlRow row) {
        rows.add(row);
    }

    public List<ControlRow> rows() {
        return List.copyOf(rows);
    }

    /** One line for each measurement. */
    public String csv() {
        StringBuilder text = new StringBuilder(ControlRow.HEADER).append('\n');
        rows.forEach(row -> text.append(row.csv()).append('\n'));
        return text.toString();
    }

    /** One line for each control and k, in the order of their first measurement. */
    public String summary() {
        Map<String, List<ControlRow>> groups = new LinkedHashMap<>();
        for (ControlRow row : rows) {
            groups.computeIfAbsent(row.control() + row.k(), key -> new ArrayList<>())
                    .add(row);
        }
        StringBuilder text =
                new StringBuilder(line("control", "k", "n", "accuracy", "R² (mean)", "R² (last)", "relative ε"));
        for (List<ControlRow> group : groups.values()) {
            ControlRow first = group.get(0);
            text.append(line(
                    first.control(),
                    first.k() == 0 ? "" : Integer.toString(first.k()),
                    Integer.toString(group.size()),
                    interval(group, ControlRow::accuracy),
                    interval(group, ControlRow::r2),
                    interval(group, ControlRow::r2Last),
                    interval(group, ControlRow::relativeEpsilon)));
        }
        return text.toString();
    }

    private static String interval(List<ControlRow> group, ToDoubleFunction<ControlRow> value) {
        return Interval.of(group.stream().mapToDouble(value).toArray()).toString();
    }

    private static String line(String control, String k, String n, String... values) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-26s %2s %3s", control, k, n));
        for (String value : values) {
            line.append(String.format(Locale.ROOT, "  %16s", value));
        }
        return line.append('\n').toString();
    }
}
