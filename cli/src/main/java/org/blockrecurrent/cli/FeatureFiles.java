package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.dynamics.report.Table;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.blockrecurrent.tensor.io.numpy.NpyWriter;

/** Features of many pictures, gathered batch after batch and written at the end: the first axis of each counts pictures. */
final class FeatureFiles {
    private final int pictures;
    private final Map<String, Rows> byName = new LinkedHashMap<>();

    private static final class Rows {
        private final Shape shape;
        private final float[] values;
        private int filled;

        Rows(Shape shape) {
            this.shape = shape;
            values = new float[shape.size()];
        }
    }

    FeatureFiles(int pictures) {
        this.pictures = pictures;
    }

    /** Appends the rows of a batch, {@code (B, …)}. */
    void add(String name, Tensor batch) {
        Rows rows = byName.computeIfAbsent(name, fresh -> {
            int[] dims = batch.shape().dims();
            dims[0] = pictures;
            return new Rows(Shape.of(dims));
        });
        float[] values = batch.toArray();
        System.arraycopy(values, 0, rows.values, rows.filled, values.length);
        rows.filled += values.length;
    }

    /** Writes all of them; returns the files. */
    List<Path> write(String format, RunDirectory directory, List<String> names, String preprocessing) {
        return switch (format) {
            case "npy" -> each(directory, ".npy", (file, rows) -> NpyWriter.write(file, rows.shape, rows.values));
            case "csv" -> each(directory, ".csv", (file, rows) -> Csv.write(table(rows, names), file));
            case "safetensors" -> {
                SafetensorsWriter writer = new SafetensorsWriter().metadata("preprocessing", preprocessing);
                byName.forEach((name, rows) -> writer.floats(name, rows.shape, rows.values));
                Path file = directory.file("features.safetensors");
                writer.write(file);
                yield List.of(file);
            }
            default ->
                throw new InvalidInputException("--format " + format + " is unknown; choose npy, safetensors or csv");
        };
    }

    private interface Writing {
        void write(Path file, Rows rows);
    }

    private List<Path> each(RunDirectory directory, String ending, Writing writing) {
        List<Path> files = new ArrayList<>();
        byName.forEach((name, rows) -> {
            Path file = directory.file(name + ending);
            writing.write(file, rows);
            files.add(file);
        });
        return files;
    }

    /** A row for each picture. */
    private static Table table(Rows rows, List<String> names) {
        int width = rows.shape.rank() == 2 ? rows.shape.last() : 0;
        if (width == 0) {
            throw new InvalidInputException(
                    "--format csv has a row for each picture, which patches and registers do not "
                            + "fit in; choose npy or safetensors");
        }
        List<String> columns = new ArrayList<>(List.of("picture"));
        for (int d = 0; d < width; d++) {
            columns.add(Integer.toString(d));
        }
        List<List<String>> lines = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            List<String> line = new ArrayList<>(List.of(names.get(i)));
            for (int d = 0; d < width; d++) {
                line.add(Float.toString(rows.values[i * width + d]));
            }
            lines.add(line);
        }
        return new Table(columns, lines);
    }
}
