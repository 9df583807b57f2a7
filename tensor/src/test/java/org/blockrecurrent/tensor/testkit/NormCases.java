package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.op.LayerNormOp;

/** Layer normalization; sizes are rows and channels. */
final class NormCases {
    private static final float EPS = 1e-6f;
    private static final int FLOPS = 8;
    /** Not two channels: x̂ is then ±1, all terms of dx cancel, and what is left is below what float statistics resolve. */
    private static final int[][] SIZES = {
        {1, 1}, {3, 3}, {1, 7}, {7, 17}, {17, 16}, {5, 33}, {65, 96}, {261, 65}, {2, 768}, {3, 8192}, {1025, 33}
    };

    private NormCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (int[] size : SIZES) {
            cases.add(layerNorm(size[0], size[1]));
        }
        cases.add(ofTokens(2, 5, 19));
        cases.add(farFromZero(6, 48));
        cases.add(frozenWeights(layerNorm(7, 19)));
        return cases;
    }

    static OpCase layerNorm(int rows, int D) {
        return layerNorm("layerNorm " + rows + "x" + D, Input.normal("x", rows, D));
    }

    private static OpCase ofTokens(int B, int N, int D) {
        return layerNorm("layerNorm of tokens " + B + "x" + N + "x" + D, Input.normal("x", B, N, D));
    }

    /** A mean of 200 standard deviations: one pass over squares would lose half of the digits. */
    private static OpCase farFromZero(int rows, int D) {
        Input x = new Input("x", Shape.of(rows, D), (random, i) -> 200 + random.normal(i), true, false);
        return layerNorm("layerNorm far from zero " + rows + "x" + D, x);
    }

    private static OpCase frozenWeights(OpCase whole) {
        List<Input> inputs = List.of(
                whole.inputs().get(0),
                whole.inputs().get(1).frozen(),
                whole.inputs().get(2).frozen());
        return new OpCase(
                whole.label() + ", weights frozen",
                inputs,
                whole.output(),
                whole.op(),
                whole.flops(),
                whole.tolerance());
    }

    private static OpCase layerNorm(String label, Input x) {
        int D = x.shape().last();
        List<Input> inputs = List.of(x, Input.nearOne("weight", D), Input.normal("bias", D));
        return new OpCase(
                label,
                inputs,
                x.shape(),
                leaves -> LayerNormOp.forward(leaves.get(0), leaves.get(1), leaves.get(2), EPS),
                (long) FLOPS * x.shape().size(),
                Tolerance.reduction(Math.max(D, x.shape().rows())));
    }
}
