package org.blockrecurrent.dynamics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.AtomicFile;

/**
 * A measure table as comma-separated values (RFC 4180: quotes around fields with commas, quotes or line breaks; quotes doubled;
 * lines end in CR LF), in UTF-8, with {@code .} as the decimal point and the shortest digits that give back the same double.
 */
final class MeasureCsv {
    static final String HEADER = "measure,condition,model,layer,tokens,value,unit,images";
    private static final int COLUMNS = 8;

    private MeasureCsv() {}

    static void write(MeasureTable table, Path file) {
        AtomicFile.write(file, format(table));
    }

    static String format(MeasureTable table) {
        StringBuilder csv = new StringBuilder(HEADER).append("\r\n");
        for (MeasureTable.Row row : table.rows()) {
            append(csv, row.measure()).append(',');
            append(csv, row.condition()).append(',');
            append(csv, row.model()).append(',');
            csv.append(row.layer()).append(',');
            append(csv, row.tokens()).append(',');
            csv.append(row.value()).append(',');
            append(csv, row.unit()).append(',');
            csv.append(row.images()).append("\r\n");
        }
        return csv.toString();
    }

    private static StringBuilder append(StringBuilder csv, String field) {
        boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain
                ? csv.append(field)
                : csv.append('"').append(field.replace("\"", "\"\"")).append('"');
    }

    static MeasureTable read(Path file) {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read as a measure table: " + e.getMessage(), e);
        }
    }

    static MeasureTable parse(String csv, String file) {
        List<List<String>> records = records(csv, file);
        if (records.isEmpty() || !String.join(",", records.get(0)).equals(HEADER)) {
            throw new InvalidInputException(file + ": not a measure table: the first line must be " + HEADER);
        }
        List<MeasureTable.Row> rows = new ArrayList<>();
        for (int line = 1; line < records.size(); line++) {
            rows.add(row(records.get(line), file + ", record " + (line + 1)));
        }
        return new MeasureTable(rows);
    }

    private static MeasureTable.Row row(List<String> fields, String where) {
        if (fields.size() != COLUMNS) {
            throw new InvalidInputException(where + ": " + COLUMNS + " fields expected, got " + fields.size());
        }
        try {
            return new MeasureTable.Row(
                    fields.get(0),
                    fields.get(1),
                    fields.get(2),
                    Integer.parseInt(fields.get(3)),
                    fields.get(4),
                    Double.parseDouble(fields.get(5)),
                    fields.get(6),
                    Long.parseLong(fields.get(7)));
        } catch (NumberFormatException e) {
            throw new InvalidInputException(where + ": layer, value and images must be numbers: " + fields, e);
        }
    }

    /** Splits into records of fields; a quoted field may hold line breaks. */
    private static List<List<String>> records(String csv, String file) {
        List<List<String>> records = new ArrayList<>();
        List<String> record = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            boolean doubled = quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"';
            if (doubled) {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (quoted || (c != ',' && c != '\n' && c != '\r')) {
                field.append(c);
            } else if (c != '\r') {
                record.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    records.add(record);
                    record = new ArrayList<>();
                }
            }
        }
        if (quoted) {
            throw new InvalidInputException(file + ": the file ends inside a quoted field: it is cut off");
        }
        if (!record.isEmpty() || field.length() > 0) {
            record.add(field.toString());
            records.add(record);
        }
        return records;
    }
}
