package org.blockrecurrent.tensor.nn;

import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.random.Philox;

/** How a fresh parameter is drawn. */
@FunctionalInterface
public interface Initializer {
    /** Fills values of a parameter of the given shape from the random stream. */
    void fill(float[] values, Shape shape, Philox random);

    /** Every element the same. */
    static Initializer constant(float value) {
        return (values, shape, random) -> java.util.Arrays.fill(values, value);
    }

    /** Normal with the given standard deviation. */
    static Initializer normal(double standardDeviation) {
        return (values, shape, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (standardDeviation * random.normal(i));
            }
        };
    }

    /** Normal, drawn again where it is more than two standard deviations out: the ViT's usual weights, 0.02. */
    static Initializer truncatedNormal(double standardDeviation) {
        return (values, shape, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (standardDeviation * random.truncatedNormal(i));
            }
        };
    }

    /** Uniform in ±1/√fanIn, fanIn the last extent: PyTorch's default for a linear layer's weight. */
    static Initializer uniformFanIn(int fanIn) {
        return uniform(1 / Math.sqrt(fanIn));
    }

    /** Uniform in ±√(6/(fanIn + fanOut)) (Glorot and Bengio, 2010): PyTorch's default for packed attention weights. */
    static Initializer xavierUniform() {
        return (values, shape, random) ->
                uniform(Math.sqrt(6.0 / (shape.dim(0) + shape.dim(1)))).fill(values, shape, random);
    }

    /** Uniform in ±bound. */
    static Initializer uniform(double bound) {
        return (values, shape, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (bound * (2 * random.uniform(i) - 1));
            }
        };
    }
}
