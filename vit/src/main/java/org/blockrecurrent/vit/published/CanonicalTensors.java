package org.blockrecurrent.vit.published;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.NamedTensors;
import org.blockrecurrent.vit.published.NameTable.Binding;
import org.blockrecurrent.vit.published.NameTable.Shaping;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a file under this project's names: parts are put together, axes brought into our order, each time a tensor
 * is asked for. Tensors that the table does not know keep their names, so that whoever checks for leftovers finds them.
 */
final class CanonicalTensors implements NamedTensors {
    private static final int TOKEN_RANK = 3;

    private final NamedTensors file;
    private final TowerNames tower;
    private final NameTable table;
    private final Map<String, Binding> bindings = new LinkedHashMap<>();
    private final Set<String> unknown = new LinkedHashSet<>();

    private CanonicalTensors(NamedTensors file, TowerNames tower, NameTable table) {
        this.file = file;
        this.tower = tower;
        this.table = table;
    }

    static CanonicalTensors of(NamedTensors file, TowerNames tower, NameTable table) {
        CanonicalTensors tensors = new CanonicalTensors(file, tower, table);
        for (String name : tower.inner()) {
            Binding binding = table.ofTheirs(name);
            Binding other = binding == null ? null : tensors.bindings.putIfAbsent(binding.ours(), binding);
            if (binding == null || (other != null && !other.equals(binding))) {
                tensors.unknown.add(tower.inFile(name));
            }
        }
        return tensors;
    }

    @Override
    public String where() {
        return file.where();
    }

    /** Ours, where all parts are there; then those that the table does not know, as the file calls them. */
    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        bindings.values().stream().filter(this::isComplete).forEach(binding -> names.add(binding.ours()));
        names.addAll(unknown);
        return names;
    }

    boolean has(String ours) {
        Binding binding = bindings.get(ours);
        return binding != null && isComplete(binding);
    }

    /** A tensor of ours that is there, complete or not, and whose name ends so; or null. */
    @Nullable
    String endingWith(String ending) {
        return bindings.keySet().stream()
                .filter(name -> name.endsWith(ending))
                .min(Comparator.comparing((String name) -> !has(name)))
                .orElse(null);
    }

    /** What the table does not know, as the file calls it. */
    Set<String> unknown() {
        return unknown;
    }

    private boolean isComplete(Binding binding) {
        return tower.inner().containsAll(binding.theirs());
    }

    @Override
    public Shape shape(String name) {
        Binding binding = bindings.get(name);
        if (binding == null) {
            return file.shape(name);
        }
        int[] dims = stackedDims(binding);
        return switch (binding.shaping()) {
            case SAME -> Shape.of(dims);
            case FLAT -> Shape.of(withLeadingOnes(dims));
            case TRANSPOSED -> dims.length == 2 ? Shape.of(dims[1], dims[0]) : Shape.of(dims);
        };
    }

    private int[] stackedDims(Binding binding) {
        int[] dims = file.shape(tower.inFile(binding.theirs().get(0))).dims();
        for (String part : binding.theirs().subList(1, binding.theirs().size())) {
            int[] other = file.shape(tower.inFile(part)).dims();
            int rows = dims.length == 0 || other.length == 0 ? 0 : Math.addExact(dims[0], other[0]);
            if (dims.length > 0 && other.length > 0) {
                dims[0] = other[0] = rows;
            }
            if (!java.util.Arrays.equals(dims, other)) {
                throw new FormatException(
                        where(),
                        "tensors " + FormatException.shown(binding.label()) + " do not fit one above the other");
            }
        }
        return dims;
    }

    private static int[] withLeadingOnes(int[] dims) {
        int[] padded = new int[Math.max(TOKEN_RANK, dims.length)];
        java.util.Arrays.fill(padded, 1);
        System.arraycopy(dims, 0, padded, padded.length - dims.length, dims.length);
        return padded;
    }

    @Override
    public String dtype(String name) {
        Binding binding = bindings.get(name);
        return file.dtype(binding == null ? name : tower.inFile(binding.theirs().get(0)));
    }

    @Override
    public float[] floats(String name) {
        Binding binding = bindings.get(name);
        if (binding == null) {
            return file.floats(name);
        }
        List<String> parts = binding.theirs();
        if (parts.size() == 1) {
            float[] values = file.floats(tower.inFile(parts.get(0)));
            return binding.shaping() == Shaping.TRANSPOSED ? transposed(values, shape(name)) : values;
        }
        float[] stacked = new float[shape(name).size()];
        int at = 0;
        for (String part : parts) {
            float[] values = file.floats(tower.inFile(part));
            System.arraycopy(values, 0, stacked, at, values.length);
            at += values.length;
        }
        return stacked;
    }

    /** {@code (columns, rows) → (rows, columns)}. */
    static float[] transposed(float[] values, Shape shape) {
        int rows = shape.dim(0);
        int columns = shape.dim(1);
        float[] transposed = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[row * columns + column] = values[column * rows + row];
            }
        }
        return transposed;
    }

    /** The file's name for one of ours; of an incomplete one the part that is missing. */
    @Override
    public String nameInFile(String name) {
        Binding binding = bindings.get(name);
        if (binding == null) {
            Binding usual = unknown.contains(name) ? null : table.ofOurs(name);
            return usual == null ? name : usual.label();
        }
        if (binding.theirs().size() == 1) {
            return tower.inFile(binding.theirs().get(0));
        }
        return binding.theirs().stream()
                .filter(part -> !tower.has(part))
                .findFirst()
                .orElse(binding.label());
    }
}
