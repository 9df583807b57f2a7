package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;
import org.blockrecurrent.tensor.op.LinearOp;
import org.blockrecurrent.tensor.op.MatmulOp;

/** Matrix products in three layouts, and linear layers. Sizes are M, K, N. */
final class MatmulCases {
    /** Ones, primes, one off a tile, whole tiles, several blocks of every loop. */
    private static final int[][] SIZES = {
        {1, 1, 1},
        {1, 7, 1},
        {2, 3, 5},
        {7, 1, 3},
        {3, 17, 1},
        {13, 16, 17},
        {17, 33, 31},
        {32, 32, 32},
        {65, 31, 47},
        {64, 64, 96},
        {5, 259, 131},
        {130, 67, 259},
        {3, 8192, 5},
        {3, 5, 8192},
        {8192, 3, 5}
    };

    private static final int[] LARGE = {261, 192, 131};

    private MatmulCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (int[] size : SIZES) {
            for (Layout layout : Layout.values()) {
                cases.add(matmul(layout, size[0], size[1], size[2]));
            }
            cases.add(linear(size[0], size[1], size[2]));
        }
        for (Layout layout : Layout.values()) {
            cases.add(matmul(layout, LARGE[0], LARGE[1], LARGE[2]));
        }
        cases.add(linear(LARGE[0], LARGE[1], LARGE[2]));
        cases.add(linearWithoutBias(17, 33, 31));
        cases.add(linearOfTokens(2, 7, 19, 23));
        cases.addAll(partlyTrained(7, 19, 23));
        cases.add(squared(7, 7));
        return cases;
    }

    static OpCase matmul(Layout layout, int M, int K, int N) {
        Input a = layout == Layout.NT ? Input.normal("a", K, M) : Input.normal("a", M, K);
        Input b = layout == Layout.TN ? Input.weight("b", N, K) : Input.normal("b", K, N);
        return new OpCase(
                "matmul " + layout + " " + sizes(M, K, N),
                List.of(a, b),
                Shape.of(M, N),
                leaves -> MatmulOp.forward(leaves.get(0), leaves.get(1), layout),
                flops(M, K, N),
                tolerance(M, K, N));
    }

    static OpCase linear(int M, int K, int N) {
        return linear("linear " + sizes(M, K, N), Shape.of(M, K), N);
    }

    private static OpCase linearOfTokens(int B, int tokens, int K, int N) {
        return linear("linear of tokens " + sizes(B * tokens, K, N), Shape.of(B, tokens, K), N);
    }

    private static OpCase linear(String label, Shape x, int N) {
        List<Input> inputs =
                List.of(Input.normal("x", x.dims()), Input.weight("weight", N, x.last()), Input.normal("bias", N));
        return new OpCase(
                label,
                inputs,
                x.withLast(N),
                leaves -> LinearOp.forward(leaves.get(0), leaves.get(1), leaves.get(2)),
                flops(x.rows(), x.last(), N) + (long) x.rows() * N,
                tolerance(x.rows(), x.last(), N));
    }

    private static OpCase linearWithoutBias(int M, int K, int N) {
        return new OpCase(
                "linear without bias " + sizes(M, K, N),
                List.of(Input.normal("x", M, K), Input.weight("weight", N, K)),
                Shape.of(M, N),
                leaves -> LinearOp.forward(leaves.get(0), leaves.get(1), null),
                flops(M, K, N),
                tolerance(M, K, N));
    }

    /** Only the input, only the weight, only the bias. */
    private static List<OpCase> partlyTrained(int M, int K, int N) {
        OpCase whole = linear(M, K, N);
        List<OpCase> cases = new ArrayList<>();
        for (Input trained : whole.inputs()) {
            List<Input> inputs = whole.inputs().stream()
                    .map(input -> input == trained ? input : input.frozen())
                    .toList();
            cases.add(new OpCase(
                    "linear, only " + trained.name() + " trained " + sizes(M, K, N),
                    inputs,
                    whole.output(),
                    whole.op(),
                    whole.flops(),
                    whole.tolerance()));
        }
        return cases;
    }

    /** One leaf in both operands. */
    private static OpCase squared(int M, int K) {
        return new OpCase(
                "matmul of a leaf with itself " + sizes(M, K, M),
                List.of(Input.normal("a", M, K)),
                Shape.of(M, M),
                leaves -> MatmulOp.forward(leaves.get(0), leaves.get(0), Layout.TN),
                flops(M, K, M),
                tolerance(M, K, M));
    }

    static String sizes(int M, int K, int N) {
        return M + "x" + K + "x" + N;
    }

    static long flops(int M, int K, int N) {
        return 2L * M * K * N;
    }

    /** The forward pass sums over K, the gradients over N and M. */
    static Tolerance tolerance(int M, int K, int N) {
        return Tolerance.reduction(Math.max(M, Math.max(K, N)));
    }
}
