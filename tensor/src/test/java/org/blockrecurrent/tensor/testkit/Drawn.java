package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.random.Philox;

/** The values of a case: of each input, and the cotangent that its gradients start from. */
public record Drawn(OpCase opCase, List<double[]> inputs, double[] cotangent) {
    /** Rounding error of a float, relative. */
    private static final double ROUNDING = 0x1p-24;

    /** Changes one value. */
    @FunctionalInterface
    interface Change {
        double apply(double value, Philox random, int index);
    }

    public static Drawn of(OpCase opCase) {
        List<double[]> inputs = new ArrayList<>();
        for (Input input : opCase.inputs()) {
            inputs.add(input.values(opCase.label()));
        }
        return new Drawn(
                opCase,
                inputs,
                Input.normal("cotangent", opCase.output().dims()).values(opCase.label()));
    }

    /** Every value moved by one float rounding error, up or down at random. */
    public Drawn moved(int draw) {
        return changed("moved " + draw, (x, random, i) -> x * (1 + (random.below(2, i) == 0 ? -ROUNDING : ROUNDING)));
    }

    /** Every value NaN. */
    public Drawn poisoned() {
        return changed("poisoned", (x, random, i) -> Double.NaN);
    }

    /** One value of one input replaced. */
    public Drawn with(int input, int index, double value) {
        List<double[]> changed = new ArrayList<>(inputs);
        double[] values = changed.get(input).clone();
        values[index] = value;
        changed.set(input, values);
        return new Drawn(opCase, changed, cotangent);
    }

    /**
     * A random direction in the space of all tracked inputs; zero for the others. No larger than the values: a step that is
     * small for them is then small for a sum of 8192 of their products.
     */
    Drawn direction() {
        List<double[]> directions = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            Input input = opCase.inputs().get(k);
            double[] direction = new double[input.shape().size()];
            if (input.tracked()) {
                double size = Math.min(1, rootMeanSquare(inputs.get(k)));
                double[] normal = Input.normal(
                                input.name() + "/direction", input.shape().dims())
                        .values(opCase.label());
                Arrays.setAll(direction, i -> size * normal[i]);
            }
            directions.add(direction);
        }
        return new Drawn(opCase, directions, cotangent);
    }

    private static double rootMeanSquare(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(x -> x * x).average().orElse(0));
    }

    /** {@code inputs + step · direction}. */
    Drawn along(Drawn direction, double step) {
        List<double[]> stepped = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            double[] values = inputs.get(k).clone();
            for (int i = 0; i < values.length; i++) {
                values[i] += step * direction.inputs.get(k)[i];
            }
            stepped.add(values);
        }
        return new Drawn(opCase, stepped, cotangent);
    }

    private Drawn changed(String stream, Change change) {
        List<double[]> changed = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            Input input = opCase.inputs().get(k);
            changed.add(input.exact() ? inputs.get(k) : changed(inputs.get(k), Philox.stream(k, stream), change));
        }
        return new Drawn(opCase, changed, changed(cotangent, Philox.stream(-1, stream), change));
    }

    private static double[] changed(double[] values, Philox random, Change change) {
        double[] changed = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            changed[i] = change.apply(values[i], random, i);
        }
        return changed;
    }
}
