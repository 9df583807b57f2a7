package org.blockrecurrent.tensor.testkit;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.tensor.op.BlendOp;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.tensor.op.TokenMseOp;

/** Losses. */
final class LossCases {
    private LossCases() {}

    static List<OpCase> all() {
        return List.of(
                crossEntropy(1, 1, 0),
                crossEntropy(1, 2, 0),
                crossEntropy(7, 10, 0),
                crossEntropy(7, 10, 0.1f),
                crossEntropy(17, 33, 0.1f),
                crossEntropy(3, 1000, 0.1f),
                crossEntropy(3, 8192, 0.1f),
                confident(6, 10),
                tokenMse(1, 1, 1, List.of(new TokenSpan("cls", 0, 1, 1))),
                tokenMse(2, 7, 5, List.of(new TokenSpan("cls", 0, 1, 0.34f), new TokenSpan("patches", 1, 7, 0.33f))),
                tokenMse(
                        3,
                        17,
                        33,
                        List.of(
                                new TokenSpan("cls", 0, 1, 0.45f),
                                new TokenSpan("registers", 1, 5, 0.1f),
                                new TokenSpan("patches", 5, 17, 0.45f))),
                tokenMse(
                        2,
                        7,
                        5,
                        List.of(new TokenSpan("overlapping", 1, 4, 2), new TokenSpan("with a gap", 3, 6, 0.5f))),
                tokenMse(1, 261, 24, List.of(new TokenSpan("all", 0, 261, 1))),
                tokenMse(5, 65, 128, List.of(new TokenSpan("all but cls", 1, 65, 1))),
                blend(0),
                blend(0.3f),
                blend(1),
                blendOfOne());
    }

    static OpCase crossEntropy(int B, int K, float smoothing) {
        return crossEntropy("crossEntropy", Input.normal("logits", B, K), smoothing);
    }

    /** Logits so far apart that exp overflows a float. */
    private static OpCase confident(int B, int K) {
        Input logits = new Input("logits", Shape.of(B, K), (random, i) -> 150 * random.normal(i), true, false);
        return crossEntropy("confident crossEntropy", logits, 0.1f);
    }

    private static OpCase crossEntropy(String name, Input logits, float smoothing) {
        int B = logits.shape().dim(0);
        int K = logits.shape().dim(1);
        return new OpCase(
                name + " " + B + "x" + K + " smoothing " + smoothing,
                List.of(logits, Input.labels("labels", B, K)),
                Shape.of(),
                leaves -> CrossEntropyOp.forward(leaves.get(0), leaves.get(1), smoothing),
                (2L + ElementwiseCases.ACTIVATION_FLOPS) * B * K,
                Tolerance.reduction(Math.max(1, B * K)));
    }

    private static OpCase tokenMse(int B, int N, int D, List<TokenSpan> spans) {
        return new OpCase(
                "tokenMse " + B + "x" + N + "x" + D + " in " + spans.size() + " spans, "
                        + spans.get(0).name(),
                List.of(
                        Input.normal("prediction", B, N, D),
                        Input.normal("target", B, N, D).frozen()),
                Shape.of(),
                leaves -> TokenMseOp.forward(leaves.get(0), leaves.get(1), spans),
                3L * B * N * D,
                Tolerance.reduction(B * N * D));
    }

    private static OpCase blend(float lambda) {
        return new OpCase(
                "blend " + lambda,
                List.of(Input.normal("a"), Input.normal("b")),
                Shape.of(),
                leaves -> BlendOp.forward(leaves.get(0), leaves.get(1), state(leaves, lambda)),
                3,
                Tolerance.sameAlgorithm());
    }

    private static OpCase blendOfOne() {
        return new OpCase(
                "blend of a leaf with itself",
                List.of(Input.normal("a")),
                Shape.of(),
                leaves -> BlendOp.forward(leaves.get(0), leaves.get(0), state(leaves, 0.3f)),
                3,
                Tolerance.sameAlgorithm());
    }

    private static StepState state(List<Tensor> leaves, float lambda) {
        StepState state = new StepState(leaves.get(0).backend());
        state.begin(1, 1e-3f, lambda);
        return state;
    }
}
