package org.blockrecurrent.vit.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.blockrecurrent.tensor.testkit.Golden;
import org.blockrecurrent.tensor.testkit.Tolerance;

/** Compares with golden values and keeps, for each case, the largest share of the tolerance that was used up. */
final class GoldenReport {
    private record Row(int tensors, double largestShare, String where) {}

    private final String backend;
    private final Tolerance tolerance;
    private final Map<String, Row> rows = new TreeMap<>();

    GoldenReport(String backend, Tolerance tolerance) {
        this.backend = backend;
        this.tolerance = tolerance;
    }

    void require(String label, Golden golden, String name, double[] got) {
        require(label, name, got, golden.truth(name), golden.noise(name));
    }

    void require(String label, String name, double[] got, double[] truth, double noise) {
        double share = tolerance.require(label + ", " + name, got, truth, noise);
        Row before = rows.getOrDefault(label, new Row(0, -1, ""));
        boolean worse = share > before.largestShare;
        rows.put(label, new Row(before.tensors + 1, worse ? share : before.largestShare, worse ? name : before.where));
    }

    /** Prints the table and leaves it in {@code target/golden-report-vit-BACKEND.txt}. */
    void write() {
        StringBuilder text = new StringBuilder();
        rows.forEach((label, row) -> text.append(String.format(
                Locale.ROOT,
                "%-9s %-36s %4d tensors, largest error %.4f of its tolerance, at %s%n",
                backend,
                label,
                row.tensors,
                row.largestShare,
                row.where)));
        System.out.print(text);
        try {
            Path folder = Files.createDirectories(Path.of("target"));
            Files.writeString(folder.resolve("golden-report-vit-" + backend + ".txt"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
