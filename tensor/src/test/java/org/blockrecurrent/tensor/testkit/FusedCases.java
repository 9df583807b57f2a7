package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.op.LinearActivationOp;
import org.blockrecurrent.tensor.op.LinearResidualOp;
import org.blockrecurrent.tensor.op.LinearSwiGluOp;
import org.blockrecurrent.tensor.testkit.OpCases.FusedPair;

/** Linear layers with what is fused behind them. Sizes are M, K, N, or F for half of N. */
final class FusedCases {
    private static final int[][] SIZES = {
        {1, 1, 1}, {1, 7, 3}, {2, 3, 5}, {13, 16, 17}, {17, 33, 31}, {32, 32, 32}, {65, 31, 47}, {34, 48, 130}
    };

    /** A sum over 8192, and as many columns. */
    private static final int[][] LONG_SIZES = {{3, 8192, 5}, {3, 5, 4096}};

    /** Tanh follows no layer of a model; it has one case. */
    private static final Set<Activation> BEHIND_A_LAYER = EnumSet.complementOf(EnumSet.of(Activation.TANH));

    private FusedCases() {}

    static List<OpCase> all() {
        return pairs().stream().map(FusedPair::fused).toList();
    }

    static List<FusedPair> pairs() {
        List<FusedPair> pairs = new ArrayList<>();
        for (int[] size : SIZES) {
            for (Activation f : BEHIND_A_LAYER) {
                pairs.add(linearActivation(f, size[0], size[1], size[2]));
            }
            pairs.add(pair(linearSwiGlu(size[0], size[1], size[2]), FusedCases::unfusedSwiGlu));
            pairs.add(pair(linearResidual(1, size[0], size[1], size[2], 1), FusedCases::unfusedResidual));
        }
        for (int[] size : LONG_SIZES) {
            pairs.add(linearActivation(Activation.GELU, size[0], size[1], 2 * size[2]));
            pairs.add(pair(linearSwiGlu(size[0], size[1], size[2]), FusedCases::unfusedSwiGlu));
            pairs.add(pair(linearResidual(1, size[0], size[1], 2 * size[2], 1), FusedCases::unfusedResidual));
        }
        pairs.add(linearActivation(Activation.TANH, 7, 19, 23));
        FusedPair gelu = linearActivation(Activation.GELU, 7, 19, 23);
        pairs.add(pair(withoutBias(gelu.fused()), gelu.unfused()));
        pairs.add(pair(withoutBias(linearSwiGlu(7, 19, 23)), FusedCases::unfusedSwiGlu));
        pairs.add(pair(linearResidual(3, 7, 19, 23, 3), FusedCases::unfusedResidual));
        pairs.add(pair(linearResidual(3, 17, 32, 16, 1), FusedCases::unfusedResidual));
        pairs.add(pair(linearResidual(2, 5, 19, 23, 10), FusedCases::unfusedResidual));
        pairs.add(pair(frozenScale(linearResidual(2, 7, 19, 23, 2)), FusedCases::unfusedResidual));
        pairs.add(plainResidual(2, 7, 19, 23));
        pairs.add(residualOfItself(2, 7, 19));
        return pairs;
    }

    static FusedPair linearActivation(Activation f, int M, int K, int N) {
        OpCase fused = new OpCase(
                "linear " + f + " " + MatmulCases.sizes(M, K, N),
                linearInputs(Shape.of(M, K), N),
                Shape.of(M, N),
                leaves -> LinearActivationOp.forward(leaves.get(0), leaves.get(1), bias(leaves, 2), f),
                MatmulCases.flops(M, K, N) + (long) (1 + ElementwiseCases.ACTIVATION_FLOPS) * M * N,
                MatmulCases.tolerance(M, K, N));
        return pair(fused, leaves -> LinearActivationOp.unfused(leaves.get(0), leaves.get(1), bias(leaves, 2), f));
    }

    static OpCase linearSwiGlu(int M, int K, int F) {
        return new OpCase(
                "linearSwiGlu " + MatmulCases.sizes(M, K, F),
                linearInputs(Shape.of(M, K), 2 * F),
                Shape.of(M, F),
                leaves -> LinearSwiGluOp.forward(leaves.get(0), leaves.get(1), bias(leaves, 2)),
                MatmulCases.flops(M, K, 2 * F) + (long) (3 + ElementwiseCases.ACTIVATION_FLOPS) * M * F,
                MatmulCases.tolerance(M, K, 2 * F));
    }

    private static Tensor unfusedSwiGlu(List<Tensor> leaves) {
        return LinearSwiGluOp.unfused(leaves.get(0), leaves.get(1), bias(leaves, 2));
    }

    /** {@code (B, tokens, K) → (B, tokens, N)} with a scale for each of G groups. */
    static OpCase linearResidual(int B, int tokens, int K, int N, int G) {
        List<Input> inputs = new ArrayList<>(linearInputs(Shape.of(B, tokens, K), N));
        inputs.add(Input.normal("residual", B, tokens, N));
        inputs.add(Input.nearOne("scale", G, N));
        int M = B * tokens;
        return new OpCase(
                "linearResidual " + MatmulCases.sizes(M, K, N) + " G=" + G,
                inputs,
                Shape.of(B, tokens, N),
                leaves -> LinearResidualOp.forward(
                        leaves.get(3), leaves.get(4), leaves.get(0), leaves.get(1), leaves.get(2)),
                MatmulCases.flops(M, K, N) + 3L * M * N,
                MatmulCases.tolerance(M, K, N));
    }

    private static Tensor unfusedResidual(List<Tensor> leaves) {
        return LinearResidualOp.unfused(leaves.get(3), leaves.get(4), leaves.get(0), leaves.get(1), leaves.get(2));
    }

    /** Neither scale nor bias. */
    private static FusedPair plainResidual(int B, int tokens, int K, int N) {
        List<Input> inputs = List.of(
                Input.normal("x", B, tokens, K), Input.weight("weight", N, K), Input.normal("residual", B, tokens, N));
        int M = B * tokens;
        OpCase fused = new OpCase(
                "linearResidual without scale and bias " + MatmulCases.sizes(M, K, N),
                inputs,
                Shape.of(B, tokens, N),
                leaves -> LinearResidualOp.forward(leaves.get(2), null, leaves.get(0), leaves.get(1), null),
                MatmulCases.flops(M, K, N) + (long) M * N,
                MatmulCases.tolerance(M, K, N));
        return pair(fused, leaves -> LinearResidualOp.unfused(leaves.get(2), null, leaves.get(0), leaves.get(1), null));
    }

    /** The residual is the input of the linear map: its gradient has two contributions. */
    private static FusedPair residualOfItself(int B, int tokens, int K) {
        List<Input> inputs =
                List.of(Input.normal("x", B, tokens, K), Input.weight("weight", K, K), Input.normal("bias", K));
        int M = B * tokens;
        OpCase fused = new OpCase(
                "linearResidual of its own input " + MatmulCases.sizes(M, K, K),
                inputs,
                Shape.of(B, tokens, K),
                leaves -> LinearResidualOp.forward(leaves.get(0), null, leaves.get(0), leaves.get(1), leaves.get(2)),
                MatmulCases.flops(M, K, K) + 2L * M * K,
                MatmulCases.tolerance(M, K, K));
        return pair(
                fused,
                leaves -> LinearResidualOp.unfused(leaves.get(0), null, leaves.get(0), leaves.get(1), leaves.get(2)));
    }

    private static OpCase withoutBias(OpCase opCase) {
        return new OpCase(
                opCase.label() + " without bias",
                opCase.inputs().subList(0, 2),
                opCase.output(),
                opCase.op(),
                opCase.flops(),
                opCase.tolerance());
    }

    private static OpCase frozenScale(OpCase opCase) {
        List<Input> inputs = new ArrayList<>(opCase.inputs());
        inputs.set(4, inputs.get(4).frozen());
        return new OpCase(
                opCase.label() + ", scale frozen",
                inputs,
                opCase.output(),
                opCase.op(),
                opCase.flops(),
                opCase.tolerance());
    }

    private static List<Input> linearInputs(Shape x, int N) {
        return List.of(Input.normal("x", x.dims()), Input.weight("weight", N, x.last()), Input.normal("bias", N));
    }

    private static Tensor bias(List<Tensor> leaves, int index) {
        return index < leaves.size() ? leaves.get(index) : null;
    }

    private static FusedPair pair(OpCase fused, OpCase.Body unfused) {
        return new FusedPair(fused, unfused);
    }
}
