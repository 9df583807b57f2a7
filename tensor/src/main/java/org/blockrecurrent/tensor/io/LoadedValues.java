package org.blockrecurrent.tensor.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.nn.ParameterSource;

/**
 * Gives a model its parameters from a file, and keeps the books: what was asked for and is missing, of another shape, not
 * of a floating-point type or not finite, and what the file holds that nobody asked for. A parameter that cannot be given is
 * zero until {@link #requireExactly} reports <em>all</em> that do not fit in one message: call it when the model has been
 * built.
 */
public final class LoadedValues {
    private static final int HINTS = 5;

    private final TensorFile file;
    private final Set<String> used = new LinkedHashSet<>();
    private final Map<String, Shape> missing = new LinkedHashMap<>();
    private final List<String> misshapen = new ArrayList<>();
    private final List<String> notFloating = new ArrayList<>();
    private final List<String> notFinite = new ArrayList<>();

    public LoadedValues(TensorFile file) {
        this.file = file;
    }

    /** Values of the tensors whose names begin with the prefix, such as {@code model.}, under the rest of their names. */
    public ParameterSource.Values at(String prefix) {
        return (name, shape, initializer) -> take(prefix + name, shape);
    }

    /** The tensor is in the file for another purpose: it does not count as extra. */
    public LoadedValues ignore(String name) {
        used.add(name);
        return this;
    }

    /**
     * Throws a {@link FormatException} that lists every tensor that was missing or does not fit, and every tensor of the
     * file whose name begins with {@code prefix} and that was not asked for.
     */
    public void requireExactly(String prefix) {
        List<String> extra = file.names().stream()
                .filter(name -> name.startsWith(prefix) && !used.contains(name))
                .toList();
        Map<String, List<String>> problems = new TreeMap<>();
        problems.put("1 missing", describeMissing(extra));
        problems.put(
                "2 not asked for", extra.stream().map(FormatException::shown).toList());
        problems.put("3 of another shape", misshapen);
        problems.put("4 of another type", notFloating);
        problems.put("5 not finite", notFinite);
        report(problems);
    }

    /** As {@link #requireExactly}, but the file may hold more. */
    public void requireAllFound() {
        boolean allFit = misshapen.isEmpty() && notFloating.isEmpty() && notFinite.isEmpty();
        if (!missing.isEmpty() || !allFit) {
            requireExactly("");
        }
    }

    private float[] take(String name, Shape shape) {
        used.add(name);
        if (!file.names().contains(name)) {
            missing.put(name, shape);
            return new float[shape.size()];
        }
        boolean shapeFits = fitsShape(name, shape);
        if (!isFloating(name) || !shapeFits) {
            return new float[shape.size()];
        }
        float[] values = file.floats(name);
        int bad = countNotFinite(values);
        if (bad > 0) {
            notFinite.add(FormatException.shown(name) + " in " + bad + " of " + values.length + " values");
        }
        return values;
    }

    private boolean fitsShape(String name, Shape shape) {
        Shape found = file.shape(name);
        if (!found.equals(shape)) {
            misshapen.add(FormatException.shown(name) + " is " + found + ", needed " + shape);
        }
        return found.equals(shape);
    }

    private boolean isFloating(String name) {
        Dtype dtype = Dtype.named(file.dtype(name));
        boolean floating = dtype != null && dtype.isReadable() && !dtype.isInteger();
        if (!floating) {
            notFloating.add(FormatException.shown(name) + " is " + file.dtype(name) + ", needed F32, F16, BF16 or F64");
        }
        return floating;
    }

    private static int countNotFinite(float[] values) {
        int bad = 0;
        for (float value : values) {
            bad += Float.isFinite(value) ? 0 : 1;
        }
        return bad;
    }

    private List<String> describeMissing(List<String> extra) {
        List<String> lines = new ArrayList<>();
        missing.forEach((name, shape) -> {
            String hint = lines.size() < HINTS ? NearestNames.hint(name, extra) : "";
            lines.add(FormatException.shown(name) + " " + shape + hint);
        });
        return lines;
    }

    private void report(Map<String, List<String>> problems) {
        StringBuilder text = new StringBuilder();
        problems.forEach((kind, tensors) -> {
            if (!tensors.isEmpty()) {
                text.append(" ")
                        .append(tensors.size())
                        .append(kind.substring(1))
                        .append(": ");
                text.append(String.join(", ", tensors)).append('.');
            }
        });
        if (text.length() > 0) {
            throw new FormatException(
                    file.where(), "does not fit the model; is it the file of another configuration? Tensors:" + text);
        }
    }
}
