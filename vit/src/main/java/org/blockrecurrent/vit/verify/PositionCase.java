package org.blockrecurrent.vit.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.vit.PositionRule;

/**
 * Position tables with a row for the class token, resampled by each library's rule: {@code RULE.safetensors} with keys {@code
 * 37x37_to_16x16}, and the tables themselves in {@code sources.safetensors}.
 */
record PositionCase(String name, Path folder) implements GoldenCase {
    private static final String SUFFIX = ".safetensors";
    private static final String SOURCES = "sources" + SUFFIX;
    private static final Pattern KEY = Pattern.compile("((\\d+)x(\\d+))_to_(\\d+)x(\\d+)");

    @Override
    public List<Check> check(Backend backend) {
        List<Check> checks = new ArrayList<>();
        try (SafetensorsFile sources = SafetensorsFile.open(folder.resolve(SOURCES))) {
            for (Path file : files()) {
                String rule = file.getFileName().toString().replace(SUFFIX, "");
                try (GoldenValues expected = GoldenValues.open(file)) {
                    for (String key : expected.names()) {
                        if (expected.isGolden(key)) {
                            checks.add(check(backend, sources, PositionRule.named(rule), rule, key, expected));
                        }
                    }
                }
            }
        }
        return checks;
    }

    private Check check(
            Backend backend,
            SafetensorsFile sources,
            PositionRule rule,
            String ruleName,
            String key,
            GoldenValues expected) {
        Matcher sizes = KEY.matcher(key);
        if (!sizes.matches()) {
            throw new FormatException(folder, FormatException.shown(key) + " is no pair of sizes");
        }
        String source = sizes.group(1);
        int D = sources.shape(source).dim(2);
        int rows = Integer.parseInt(sizes.group(4));
        int columns = Integer.parseInt(sizes.group(5));
        double[] resampled = rule.resample(
                sources.doubles(source),
                1,
                D,
                Integer.parseInt(sizes.group(2)),
                Integer.parseInt(sizes.group(3)),
                rows,
                columns);
        try (Scope inner = backend.openScope()) {
            double[] got =
                    backend.tensor(Shape.of(1 + rows * columns, D), resampled).toDoubles();
            return Precision.of(backend)
                    .check(name + "/" + ruleName + ", " + key, got, expected.truth(key), expected.inFloat(key));
        }
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX)
                            && !file.getFileName().toString().equals(SOURCES))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FormatException.unreadable(folder, e);
        }
    }
}
