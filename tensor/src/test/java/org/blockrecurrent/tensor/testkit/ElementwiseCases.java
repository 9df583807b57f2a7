package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.op.ActivationOp;
import org.blockrecurrent.tensor.op.SwiGluOp;

/** Sums, products, activations, and the reshape between them. */
final class ElementwiseCases {
    /** What an activation counts as: a polynomial and a division. */
    static final int ACTIVATION_FLOPS = 10;

    /** The last is more than one thread takes for itself. */
    private static final int[][] SIZES = {{1, 1}, {1, 7}, {3, 5}, {2, 16}, {13, 17}, {7, 129}, {33, 65}, {5, 8192}};

    private ElementwiseCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (int[] size : SIZES) {
            cases.addAll(all(size[0], size[1]));
            for (Activation f : Activation.values()) {
                cases.add(activation(f, size[0], size[1]));
            }
        }
        cases.add(binary("add of tokens", Shape.of(2, 3, 5), Shape.of(3, 5), Tensor::add));
        cases.add(binary("multiply of tokens", Shape.of(2, 3, 5), Shape.of(3, 5), Tensor::multiply));
        cases.add(binary("add of a scalar", Shape.of(7), Shape.of(), Tensor::add));
        cases.add(binary("multiply by a scalar", Shape.of(7), Shape.of(), Tensor::multiply));
        cases.add(unary("add to itself", 7, 5, 1, x -> x.add(x)));
        cases.add(unary("multiply with itself", 7, 5, 1, x -> x.multiply(x)));
        cases.add(unary(
                "reshape between products",
                6,
                4,
                2,
                x -> x.scale(2).reshape(3, 8).scale(0.3f).reshape(6, 4)));
        cases.add(unary("reshape alone", 6, 4, 0, x -> x.reshape(24).reshape(6, 4)));
        cases.add(unary(
                "reshape used twice",
                6,
                4,
                2,
                x -> x.add(x.reshape(4, 6).scale(3).reshape(6, 4))));
        return cases;
    }

    private static List<OpCase> all(int rows, int D) {
        return List.of(
                binary("add", Shape.of(rows, D), Shape.of(rows, D), Tensor::add),
                binary("add, broadcast", Shape.of(rows, D), Shape.of(D), Tensor::add),
                binary("multiply", Shape.of(rows, D), Shape.of(rows, D), Tensor::multiply),
                binary("multiply, broadcast", Shape.of(rows, D), Shape.of(D), Tensor::multiply),
                unary("scale", rows, D, 1, x -> x.scale(-0.7f)),
                swiGlu(rows, D));
    }

    static OpCase activation(Activation f, int rows, int D) {
        return unary(f.toString(), rows, D, ACTIVATION_FLOPS, x -> ActivationOp.forward(x, f));
    }

    private static OpCase swiGlu(int rows, int F) {
        return new OpCase(
                "swiGlu " + rows + "x" + F,
                List.of(wide("x", rows, 2 * F)),
                Shape.of(rows, F),
                leaves -> SwiGluOp.forward(leaves.get(0)),
                (1L + ACTIVATION_FLOPS) * rows * F,
                Tolerance.sameAlgorithm());
    }

    /** A function of one tensor. */
    @FunctionalInterface
    private interface Unary {
        Tensor apply(Tensor x);
    }

    /** A function of two tensors. */
    @FunctionalInterface
    private interface Binary {
        Tensor apply(Tensor a, Tensor b);
    }

    private static OpCase unary(String name, int rows, int D, int flops, Unary f) {
        return new OpCase(
                name + " " + rows + "x" + D,
                List.of(wide("x", rows, D)),
                Shape.of(rows, D),
                leaves -> f.apply(leaves.get(0)),
                (long) flops * rows * D,
                Tolerance.sameAlgorithm());
    }

    private static OpCase binary(String name, Shape a, Shape b, Binary f) {
        Tolerance tolerance = Tolerance.reduction(Math.max(1, a.size() / b.size()));
        return new OpCase(
                name + " " + a + " " + b,
                List.of(Input.normal("a", a.dims()), Input.normal("b", b.dims())),
                a,
                leaves -> f.apply(leaves.get(0), leaves.get(1)),
                a.size(),
                tolerance);
    }

    /** Normal values out to about ±10, where activations are flat. */
    private static Input wide(String name, int rows, int D) {
        return new Input(name, Shape.of(rows, D), (random, i) -> 3 * random.normal(i), true, false);
    }
}
