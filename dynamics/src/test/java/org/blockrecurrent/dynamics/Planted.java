package org.blockrecurrent.dynamics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;

/** Trajectories with known properties. */
final class Planted {
    private final Backend backend;
    private final TokenLayout layout;
    private final int D;

    Planted(Backend backend, TokenLayout layout, int D) {
        this.backend = backend;
        this.layout = layout;
        this.D = D;
    }

    /** The channel vector of a token at a depth. */
    interface State {
        double[] at(int layer, int image, int token);
    }

    /** States x₀ … x_L of the images {@code from} to {@code to} (exclusive) of a stream. */
    Trajectory trajectory(int layers, int from, int to, State state) {
        return new Trajectory(
                states(layers, layer -> tensor(from, to, (image, token) -> state.at(layer, image, token))), layout);
    }

    private interface Vectors {
        double[] at(int image, int token);
    }

    private static List<Tensor> states(int layers, IntFunction<Tensor> state) {
        List<Tensor> states = new ArrayList<>();
        for (int layer = 0; layer <= layers; layer++) {
            states.add(state.apply(layer));
        }
        return states;
    }

    private Tensor tensor(int from, int to, Vectors vectors) {
        float[] values = new float[(to - from) * layout.tokens() * D];
        int at = 0;
        for (int image = from; image < to; image++) {
            for (int token = 0; token < layout.tokens(); token++) {
                for (double value : vectors.at(image, token)) {
                    values[at++] = (float) value;
                }
            }
        }
        return backend.tensor(Shape.of(to - from, layout.tokens(), D), values);
    }

    /** A standard normal vector that is a function of its place alone. */
    static double[] normal(int D, String stream, int... place) {
        long index = 0;
        for (int p : place) {
            index = index * 1009 + p;
        }
        Philox random = Philox.stream(7, stream);
        double[] vector = new double[D];
        for (int d = 0; d < D; d++) {
            vector[d] = random.normal(index * D + d);
        }
        return vector;
    }

    /** The basis vector e_d, scaled. */
    static double[] basis(int D, int d, double scale) {
        double[] vector = new double[D];
        vector[d] = scale;
        return vector;
    }

    /** The one value of a measure at a layer. */
    static double value(Measure measure, String name, String condition, String tokens, int layer) {
        return new MeasureTable(measure.result("planted"))
                .select(name, condition, tokens)
                .byLayer("planted")[layer];
    }
}
