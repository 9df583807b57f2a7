package org.blockrecurrent.tensor.nn;

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
        Tensor tensor = backend.tensor(shape, values.of(path, shape, initializer));
        Parameter parameter = new Parameter(path, tensor, trainable);
        parameters.add(parameter);
        return parameter.value();
    }

    /** Everything that was taken from this source and from those below it. */
    public Parameters parameters() {
        return parameters;
    }

    public Backend backend() {
        return backend;
    }
}
