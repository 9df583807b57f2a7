package org.blockrecurrent.tensor.nn;

import java.util.function.BiConsumer;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.random.Philox;

/**
 * Where a constructor gets its parameters: freshly drawn, or from the tensors of a checkpoint; trainable or frozen.
 * {@code source.at("blocks").at(3).at("attn")} walks down the names that a checkpoint uses.
 */
public final class ParameterSource {

    /** Finds the values of a parameter. */
    @FunctionalInterface
    public interface Values {
        /** Values of the named parameter, row-major; the initializer is for sources that draw them. */
        float[] of(String name, Shape shape, Initializer initializer);
    }

    /** Null in a source that lists parameters and makes none. */
    private final Backend backend;

    private final Values values;
    private final boolean trainable;
    private final Parameters parameters;
    private final String prefix;

    private ParameterSource(Backend backend, Values values, boolean trainable, Parameters parameters, String prefix) {
        this.backend = backend;
        this.values = values;
        this.trainable = trainable;
        this.parameters = parameters;
        this.prefix = prefix;
    }

    /** Parameters drawn anew. What a parameter starts from depends on the seed and its name alone. */
    public static ParameterSource fresh(Backend backend, long seed) {
        Values drawn = (name, shape, initializer) -> {
            float[] drawnValues = new float[shape.size()];
            initializer.fill(drawnValues, shape, Philox.stream(seed, name));
            return drawnValues;
        };
        return new ParameterSource(backend, drawn, true, new Parameters(), "");
    }

    /** Parameters with given values, to be trained further. */
    public static ParameterSource of(Backend backend, Values values) {
        return new ParameterSource(backend, values, true, new Parameters(), "");
    }

    /** Tells every parameter that constructors ask for, and gives them none: what they make has shapes, but cannot compute. */
    public static ParameterSource listing(BiConsumer<String, Shape> listener) {
        Values told = (name, shape, initializer) -> {
            listener.accept(name, shape);
            return new float[0];
        };
        return new ParameterSource(null, told, false, new Parameters(), "");
    }

    /** The same source, but what is taken from it is never trained; it collects its own parameters. */
    public ParameterSource frozen() {
        return new ParameterSource(backend, values, false, new Parameters(), prefix);
    }

    public ParameterSource at(String name) {
        return new ParameterSource(backend, values, trainable, parameters, prefix + name + ".");
    }

    public ParameterSource at(int index) {
        return at(Integer.toString(index));
    }

    /** The named parameter of the given shape, as a leaf. */
    public Tensor take(String name, Initializer initializer, int... dims) {
        Shape shape = Shape.of(dims);
        String path = prefix + name;
        float[] initial = values.of(path, shape, initializer);
        if (backend == null) {
            return null;
        }
        Tensor tensor = backend.tensor(shape, initial);
        Parameter parameter = new Parameter(path, tensor, trainable);
        parameters.add(parameter);
        return parameter.value();
    }

    /** A tensor of one value that is no parameter: nothing trains it, and no checkpoint has it. */
    public Tensor constant(float value, int... dims) {
        if (backend == null) {
            return null;
        }
        Tensor tensor = backend.empty(dims);
        backend.fill(tensor.storage(), value);
        return tensor;
    }

    /** Everything that was taken from this source and from those below it. */
    public Parameters parameters() {
        return parameters;
    }

    public Backend backend() {
        return backend;
    }
}
