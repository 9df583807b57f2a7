package org.blockrecurrent.raptor.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.vit.verify.Check;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every golden value of the official code, on the reference and on the vector backend. How near the product is to each case is
 * in {@code target/golden-report-FOLDER-BACKEND.txt}.
 */
class GoldenValuesTest {
    private static Backend open(String backend) {
        return backend.equals("reference") ? new ReferenceBackend() : VectorBackend.open();
    }

    /** The numbers are those of the resources, the smaller set. */
    @ParameterizedTest
    @CsvSource({
        "raptor, reference, 2775",
        "raptor, vector, 2775",
        "segmentation, reference, 2117",
        "segmentation, vector, 2117",
        "zarr, reference, 86",
    })
    void the_official_values_are_met(String name, String backendName, int least) throws IOException {
        try (Backend backend = open(backendName);
                Scope scope = backend.openScope()) {
            List<Check> checks = Verification.of(GoldenFolders.best(name), backend);
            report(name + "-" + backendName, checks);
            assertThat(checks.stream().filter(check -> !check.passed())).isEmpty();
            assertThat(checks).hasSizeGreaterThanOrEqualTo(least);
        }
    }

    private static void report(String name, List<Check> checks) throws IOException {
        Map<String, double[]> worst = new TreeMap<>();
        for (Check check : checks) {
            double[] row = worst.computeIfAbsent(check.name().split(",")[0], key -> new double[2]);
            row[0]++;
            row[1] = Math.max(row[1], check.share());
        }
        StringBuilder text =
                new StringBuilder(String.format("%-40s %6s %24s%n", "case", "checks", "worst share of tolerance"));
        worst.forEach(
                (key, row) -> text.append(String.format(Locale.ROOT, "%-40s %6.0f %24.3f%n", key, row[0], row[1])));
        Path target = Files.createDirectories(Path.of("target"));
        Files.writeString(target.resolve("golden-report-" + name + ".txt"), text);
    }
}
