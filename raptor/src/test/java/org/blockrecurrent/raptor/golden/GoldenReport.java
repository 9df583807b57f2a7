package org.blockrecurrent.raptor.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares with golden values, and keeps the largest error of every case: {@code target/golden-report-SUBJECT-BACKEND.txt}. An
 * error is the largest difference divided by the largest golden value of the tensor, as the fixtures' README has it.
 */
public final class GoldenReport {
    private record Row(double error, double tolerance, int tensors) {}

    private final String subject;
    private final String backend;
    private final Map<String, Row> rows = new TreeMap<>();

    /** {@code subject} and backend name the file. */
    public GoldenReport(String subject, String backend) {
        this.subject = subject;
        this.backend = backend;
    }

    public void require(String group, String what, double[] got, double[] want, double tolerance) {
        if (got.length != want.length) {
            throw new AssertionError(what + ": " + got.length + " values, expected " + want.length);
        }
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < want.length; i++) {
            largest = Math.max(largest, Math.abs(want[i]));
            // Not Math.max alone, which would be right for NaN too, but this also says so for a NaN that is wanted.
            difference = Double.isNaN(got[i]) ? Double.NaN : Math.max(difference, Math.abs(got[i] - want[i]));
        }
        double error = difference / largest;
        Row before = rows.getOrDefault(group, new Row(0, tolerance, 0));
        rows.put(group, new Row(Math.max(before.error, error), tolerance, before.tensors + 1));
        if (!(error <= tolerance)) {
            throw new AssertionError(String.format(
                    Locale.ROOT,
                    "%s, %s: largest difference %.3g, largest value %.3g, relative %.3g, allowed %.3g",
                    group,
                    what,
                    difference,
                    largest,
                    error,
                    tolerance));
        }
    }

    public void require(String group, String what, double got, double want, double tolerance) {
        require(group, what, new double[] {got}, new double[] {want}, tolerance);
    }

    public void write() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%-44s %9s %14s %10s  (%s)%n", "case", "tensors", "largest error", "tolerance", backend));
        rows.forEach((group, row) -> text.append(
                String.format(Locale.ROOT, "%-44s %9d %14.2e %10.0e%n", group, row.tensors, row.error, row.tolerance)));
        try {
            Path folder = Files.createDirectories(Path.of("target"));
            Files.writeString(folder.resolve("golden-report-" + subject + "-" + backend + ".txt"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
