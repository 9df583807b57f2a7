package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.op.AttentionOp;

/** Self-attention; sizes are batch, tokens, heads, channels a head. */
final class AttentionCases {
    private static final int[][] SIZES = {
        {1, 1, 1, 1},
        {2, 1, 2, 16},
        {1, 2, 1, 3},
        {2, 7, 3, 5},
        {1, 7, 2, 64},
        {3, 17, 2, 16},
        {1, 17, 1, 33},
        {1, 64, 2, 32},
        {2, 65, 2, 24},
        {1, 65, 1, 64},
        {1, 261, 1, 16},
        {1, 261, 2, 64}
    };

    private AttentionCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (int[] size : SIZES) {
            cases.add(attention(size[0], size[1], size[2], size[3]));
        }
        cases.add(sharp(2, 17, 2, 16));
        return cases;
    }

    static OpCase attention(int B, int N, int heads, int headDim) {
        return attention("attention", Input.normal("qkv", B, N, 3 * heads * headDim), heads);
    }

    /** Scores up to about 100: all the weight lies on one token, and exp would overflow unless taken about the largest. */
    private static OpCase sharp(int B, int N, int heads, int headDim) {
        Input qkv =
                new Input("qkv", Shape.of(B, N, 3 * heads * headDim), (random, i) -> 5 * random.normal(i), true, false);
        return attention("sharp attention", qkv, heads);
    }

    private static OpCase attention(String name, Input qkv, int heads) {
        int B = qkv.shape().dim(0);
        int N = qkv.shape().dim(1);
        int D = qkv.shape().dim(2) / 3;
        String label = name + " B=" + B + " N=" + N + " H=" + heads + " Dh=" + D / heads;
        return new OpCase(
                label,
                List.of(qkv),
                Shape.of(B, N, D),
                leaves -> AttentionOp.forward(leaves.get(0), heads),
                4L * B * N * N * D,
                Tolerance.reduction(Math.max(N, D / heads)));
    }
}
