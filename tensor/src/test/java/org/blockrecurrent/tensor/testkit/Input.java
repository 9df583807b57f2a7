package org.blockrecurrent.tensor.testkit;

import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.random.Philox;

/**
 * One input of an {@link OpCase}: its shape and how its values are drawn. {@code exact} values, such as labels, mean
 * something only as they are: nothing disturbs them.
 */
public record Input(String name, Shape shape, Draw draw, boolean tracked, boolean exact) {

    /** A value at an index of a random stream. */
    @FunctionalInterface
    public interface Draw {
        double at(Philox random, int index);
    }

    /** Standard normal values, tracked. */
    public static Input normal(String name, int... dims) {
        return of(name, (random, i) -> random.normal(i), dims);
    }

    /** A weight {@code (out, in)} that keeps the size of what it is multiplied with: normal, 1/√in. */
    public static Input weight(String name, int out, int in) {
        return of(name, (random, i) -> random.normal(i) / Math.sqrt(in), out, in);
    }

    /** Normal about one: scales and weights of norms. */
    public static Input nearOne(String name, int... dims) {
        return of(name, (random, i) -> 1 + 0.25 * random.normal(i), dims);
    }

    /** Class numbers 0 … K−1. */
    public static Input labels(String name, int rows, int K) {
        return new Input(name, Shape.of(rows), (random, i) -> random.below(K, i), false, true);
    }

    private static Input of(String name, Draw draw, int... dims) {
        return new Input(name, Shape.of(dims), draw, true, false);
    }

    /** The same input as a constant. */
    public Input frozen() {
        return new Input(name, shape, draw, false, exact);
    }

    /** The values for a case, floats: the same in every run and on every backend. */
    double[] values(String label) {
        Philox random = Philox.stream(1, label + "/" + name);
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) draw.at(random, i);
        }
        return values;
    }
}
