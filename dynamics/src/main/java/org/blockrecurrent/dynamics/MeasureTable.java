package org.blockrecurrent.dynamics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Results in tidy form: one value a row. Written as CSV with the columns
 * {@code measure,condition,model,layer,tokens,value,unit,images}.
 */
public record MeasureTable(List<Row> rows) {

    /**
     * One value.
     *
     * @param measure what was measured, such as {@code angular-speed}
     * @param condition under what setting, such as {@code from=2;epsilon=0.05}; empty where there is one setting only
     * @param model of what: {@code teacher}, {@code raptor k=3}, {@code untrained}, {@code random walk} …
     * @param layer ℓ in 0 … L
     * @param tokens the token group ({@code cls}, {@code registers}, {@code patches}), {@code mean-patch}, or {@code all}
     * @param value may be NaN where it is undefined
     * @param unit {@code degrees}, {@code cosine}, {@code ratio}, {@code rank}, {@code fraction}
     * @param images number of images that the value is a mean over
     */
    public record Row(
            String measure,
            String condition,
            String model,
            int layer,
            String tokens,
            double value,
            String unit,
            long images) {}

    public MeasureTable {
        rows = List.copyOf(rows);
    }

    /** No rows. */
    public static MeasureTable empty() {
        return new MeasureTable(List.of());
    }

    /** These rows, then the other's. */
    public MeasureTable plus(MeasureTable other) {
        List<Row> both = new ArrayList<>(rows);
        both.addAll(other.rows);
        return new MeasureTable(both);
    }

    /** The rows of one measure, condition and token group. */
    public MeasureTable select(String measure, String condition, String tokens) {
        List<Row> chosen = new ArrayList<>();
        for (Row row : rows) {
            if (row.measure.equals(measure) && row.condition.equals(condition) && row.tokens.equals(tokens)) {
                chosen.add(row);
            }
        }
        return new MeasureTable(chosen);
    }

    /** The models, in order of first appearance. */
    public Set<String> models() {
        Set<String> models = new LinkedHashSet<>();
        rows.forEach(row -> models.add(row.model));
        return models;
    }

    /** The token groups, in order of first appearance. */
    public Set<String> tokenGroups() {
        Set<String> groups = new LinkedHashSet<>();
        rows.forEach(row -> groups.add(row.tokens));
        return groups;
    }

    /** The conditions, in order of first appearance. */
    public Set<String> conditions() {
        Set<String> conditions = new LinkedHashSet<>();
        rows.forEach(row -> conditions.add(row.condition));
        return conditions;
    }

    /** The values of one model by layer, 0 … the last layer of the table; NaN where there is none. */
    public double[] byLayer(String model) {
        double[] values = new double[lastLayer() + 1];
        Arrays.fill(values, Double.NaN);
        for (Row row : rows) {
            if (row.model.equals(model)) {
                values[row.layer] = row.value;
            }
        }
        return values;
    }

    private int lastLayer() {
        int last = -1;
        for (Row row : rows) {
            last = Math.max(last, row.layer);
        }
        return last;
    }

    /** Writes the table under its final name only once it is complete. */
    public void write(Path file) {
        MeasureCsv.write(this, file);
    }

    /** Reads a table that {@link #write} wrote. */
    public static MeasureTable read(Path file) {
        return MeasureCsv.read(file);
    }
}
