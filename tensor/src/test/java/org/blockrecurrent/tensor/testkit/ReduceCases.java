package org.blockrecurrent.tensor.testkit;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.CosineOp;
import org.blockrecurrent.tensor.op.MeanTokensOp;

/** Sums, means and cosines. */
final class ReduceCases {
    private ReduceCases() {}

    static List<OpCase> all() {
        return List.of(
                sum(1),
                sum(7),
                sum(257),
                sum(70_001),
                mean(1),
                mean(7),
                mean(257),
                mean(70_001),
                meanTokens(1, 1, 1, 0, 1),
                meanTokens(2, 7, 5, 0, 7),
                meanTokens(3, 17, 33, 5, 17),
                meanTokens(2, 65, 16, 1, 2),
                meanTokens(1, 261, 24, 5, 261),
                meanTokens(5, 65, 128, 1, 65),
                cosine(1, 1),
                cosine(1, 7),
                cosine(5, 24),
                cosine(17, 65),
                cosine(65, 96),
                cosine(3, 769),
                cosine(5, 8192),
                cosineWithItself(5, 24));
    }

    private static OpCase sum(int size) {
        return new OpCase(
                "sum of " + size,
                List.of(Input.normal("x", size)),
                Shape.of(),
                leaves -> leaves.get(0).sum(),
                size,
                Tolerance.reduction(size));
    }

    private static OpCase mean(int size) {
        return new OpCase(
                "mean of " + size,
                List.of(Input.normal("x", size)),
                Shape.of(),
                leaves -> leaves.get(0).mean(),
                size,
                Tolerance.reduction(size));
    }

    static OpCase meanTokens(int B, int N, int D, int from, int to) {
        return new OpCase(
                "meanTokens " + B + "x" + N + "x" + D + " from " + from + " to " + to,
                List.of(Input.normal("x", B, N, D)),
                Shape.of(B, D),
                leaves -> MeanTokensOp.forward(leaves.get(0), from, to),
                (long) B * (to - from) * D,
                Tolerance.reduction(to - from));
    }

    static OpCase cosine(int rows, int D) {
        return new OpCase(
                "cosine " + rows + "x" + D,
                List.of(Input.normal("a", rows, D), Input.normal("b", rows, D)),
                Shape.of(rows),
                leaves -> CosineOp.forward(leaves.get(0), leaves.get(1)),
                6L * rows * D,
                Tolerance.reduction(D));
    }

    /** The gradient of a has two contributions, which all but cancel. */
    private static OpCase cosineWithItself(int rows, int D) {
        return new OpCase(
                "cosine of a leaf with its product " + rows + "x" + D,
                List.of(Input.normal("a", rows, D), Input.nearOne("b", rows, D)),
                Shape.of(rows),
                leaves -> CosineOp.forward(leaves.get(0), scaled(leaves)),
                7L * rows * D,
                Tolerance.reduction(D).doubled());
    }

    private static Tensor scaled(List<Tensor> leaves) {
        return leaves.get(0).multiply(leaves.get(1));
    }
}
