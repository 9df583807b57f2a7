package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;
import org.blockrecurrent.tensor.op.ActivationOp;
import org.blockrecurrent.tensor.op.AttentionOp;
import org.blockrecurrent.tensor.op.LinearOp;
import org.blockrecurrent.tensor.op.LinearResidualOp;
import org.blockrecurrent.tensor.op.MatmulOp;
import org.blockrecurrent.tensor.random.Philox;

/**
 * Ops on values below the least normal float, 2⁻¹²⁶. All values are small multiples of 2⁻¹⁴⁵ and all factors small whole
 * numbers or powers of two, so that sums are exact in any order: what flushes such values to zero is found by equality.
 */
final class SubnormalCases {
    private static final double UNIT = 0x1p-145;
    private static final int LARGEST = 15;

    private SubnormalCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (Layout layout : Layout.values()) {
            cases.add(matmul(MatmulCases.matmul(layout, 13, 19, 37), layout));
        }
        for (Activation f : Activation.values()) {
            cases.add(unary(f.toString(), x -> ActivationOp.forward(x, f)));
        }
        cases.add(unary("scale", x -> x.scale(0.5f)));
        cases.add(unary("sum of doubles", x -> x.add(x).sum()));
        cases.add(binary("add", tiny("b", 5, 37), Tensor::add));
        cases.add(binary("add, broadcast", tiny("b", 37), Tensor::add));
        cases.add(binary("multiply", whole("b", 5, 37), Tensor::multiply));
        cases.add(linear());
        cases.add(residual());
        cases.add(attention());
        return cases;
    }

    /** The values of a case, and a cotangent that is as small. */
    static Drawn drawn(OpCase opCase) {
        double[] cotangent = tiny("cotangent", opCase.output().dims()).values(opCase.label());
        return new Drawn(opCase, Drawn.of(opCase).inputs(), cotangent);
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

    private static OpCase unary(String name, Unary f) {
        Shape y = name.startsWith("sum") ? Shape.of() : Shape.of(5, 37);
        return of(name, y, leaves -> f.apply(leaves.get(0)), tiny("x", 5, 37));
    }

    private static OpCase binary(String name, Input b, Binary f) {
        return of(name, Shape.of(5, 37), leaves -> f.apply(leaves.get(0), leaves.get(1)), tiny("a", 5, 37), b);
    }

    private static OpCase matmul(OpCase ordinary, Layout layout) {
        Input a = tiny("a", ordinary.inputs().get(0).shape().dims());
        Input b = whole("b", ordinary.inputs().get(1).shape().dims());
        return of(
                "matmul " + layout,
                ordinary.output(),
                leaves -> MatmulOp.forward(leaves.get(0), leaves.get(1), layout),
                a,
                b);
    }

    private static OpCase linear() {
        return of(
                "linear",
                Shape.of(13, 37),
                leaves -> LinearOp.forward(leaves.get(0), leaves.get(1), leaves.get(2)),
                tiny("x", 13, 19),
                whole("weight", 37, 19),
                tiny("bias", 37));
    }

    private static OpCase residual() {
        return of(
                "linearResidual",
                Shape.of(1, 13, 37),
                leaves -> LinearResidualOp.forward(
                        leaves.get(3), leaves.get(4), leaves.get(0), leaves.get(1), leaves.get(2)),
                tiny("x", 1, 13, 19),
                whole("weight", 37, 19),
                tiny("bias", 37),
                tiny("residual", 1, 13, 37),
                whole("scale", 1, 37));
    }

    /** All scores round to zero: each of 16 tokens gets the mean of all values. */
    private static OpCase attention() {
        return of(
                "attention",
                Shape.of(1, 16, 10),
                leaves -> AttentionOp.forward(leaves.get(0), 2),
                tiny("qkv", 1, 16, 30));
    }

    private static OpCase of(String name, Shape y, OpCase.Body op, Input... inputs) {
        return new OpCase("subnormal " + name, List.of(inputs), y, op, 0, Tolerance.sameAlgorithm());
    }

    private static Input tiny(String name, int... dims) {
        return new Input(name, Shape.of(dims), (random, i) -> UNIT * signed(random, i), true, false);
    }

    private static Input whole(String name, int... dims) {
        return new Input(name, Shape.of(dims), (random, i) -> signed(random, i) % 4, true, false);
    }

    private static int signed(Philox random, int i) {
        return random.below(2 * LARGEST + 1, i) - LARGEST;
    }
}
