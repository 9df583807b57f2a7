package org.blockrecurrent.vit.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Keeps, for each file of weights, the largest share of the tolerance that was used up. */
final class ParityReport {
    private record Row(int values, double share, String where) {}

    private final String name;
    private final Map<String, Row> rows = new TreeMap<>();

    ParityReport(String name) {
        this.name = name;
    }

    void add(List<Check> checks) {
        for (Check check : checks) {
            String[] fileAndKey = check.name().split(", ", 2);
            Row before = rows.getOrDefault(fileAndKey[0], new Row(0, -1, ""));
            boolean worse = !(check.share() <= before.share);
            rows.put(
                    fileAndKey[0],
                    new Row(
                            before.values + 1,
                            worse ? check.share() : before.share,
                            worse ? fileAndKey[1] : before.where));
        }
    }

    /** Prints the table and leaves it in {@code target/parity-NAME.txt}. */
    void write() {
        StringBuilder text = new StringBuilder();
        rows.forEach((file, row) -> text.append(String.format(
                Locale.ROOT,
                "%-50s %4d values, largest error %.4f of its tolerance, at %s%n",
                file,
                row.values,
                row.share,
                row.where)));
        System.out.print(text);
        try {
            Path folder = Files.createDirectories(Path.of("target"));
            Files.writeString(folder.resolve("parity-" + name + ".txt"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
