package org.blockrecurrent.tensor.testkit;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.op.ConcatTokensOp;
import org.blockrecurrent.tensor.op.PatchifyOp;
import org.blockrecurrent.tensor.op.ScaleChannelsOp;

/** What moves tokens about or scales them in groups. */
final class TokenCases {
    private TokenCases() {}

    static List<OpCase> all() {
        return List.of(
                patchify(1, 1, 1, 1, 1),
                patchify(2, 3, 2, 3, 4),
                patchify(1, 1, 4, 4, 7),
                patchify(2, 3, 3, 2, 14),
                slice(1, 1, 1, 0, 1),
                slice(2, 7, 5, 1, 4),
                slice(3, 17, 33, 0, 17),
                slice(2, 65, 16, 64, 65),
                slice(3, 131, 129, 1, 131),
                overlappingSlices(2, 7, 5),
                concat(1, 1, 1, 1),
                concat(2, 1, 6, 5),
                concat(3, 5, 17, 33),
                concat(2, 4, 65, 16),
                concat(3, 5, 127, 129),
                concatTwice(2, 3, 5),
                scaleChannels(1, 1, 1, 1),
                scaleChannels(2, 7, 5, 1),
                scaleChannels(3, 7, 33, 3),
                scaleChannels(2, 5, 16, 10),
                scaleChannels(3, 17, 65, 1),
                scaleChannels(4, 65, 24, 4),
                scaleChannels(5, 65, 128, 5));
    }

    /** Images of h·p × w·p pixels. */
    static OpCase patchify(int B, int channels, int h, int w, int p) {
        return new OpCase(
                "patchify " + B + "x" + channels + " " + h + "x" + w + " patches of " + p,
                List.of(Input.normal("images", B, channels, h * p, w * p)),
                Shape.of(B, h * w, channels * p * p),
                leaves -> PatchifyOp.forward(leaves.get(0), p),
                0,
                Tolerance.sameAlgorithm());
    }

    static OpCase slice(int B, int N, int D, int from, int to) {
        return new OpCase(
                "tokens " + from + " to " + to + " of " + B + "x" + N + "x" + D,
                List.of(Input.normal("x", B, N, D)),
                Shape.of(B, to - from, D),
                leaves -> leaves.get(0).tokens(from, to),
                0,
                Tolerance.sameAlgorithm());
    }

    /** Two ranges of one sequence, added: tokens in none, one and both of them. */
    private static OpCase overlappingSlices(int B, int N, int D) {
        return new OpCase(
                "overlapping tokens of " + B + "x" + N + "x" + D,
                List.of(Input.normal("x", B, N, D)),
                Shape.of(B, 3, D),
                leaves -> leaves.get(0).tokens(1, 4).add(leaves.get(0).tokens(2, 5)),
                3L * B * D,
                Tolerance.sameAlgorithm());
    }

    /** A single token sequence that is repeated for every image, before one that is not. */
    static OpCase concat(int B, int prefix, int N, int D) {
        return new OpCase(
                "concat of 1x" + prefix + " and " + B + "x" + N + " tokens of " + D,
                List.of(Input.normal("prefix", 1, prefix, D), Input.normal("x", B, N, D)),
                Shape.of(B, prefix + N, D),
                leaves -> ConcatTokensOp.forward(leaves),
                0,
                Tolerance.reduction(Math.max(1, B)));
    }

    private static OpCase concatTwice(int B, int N, int D) {
        return new OpCase(
                "concat of a leaf with itself " + B + "x" + N + "x" + D,
                List.of(Input.normal("x", B, N, D)),
                Shape.of(B, 2 * N, D),
                leaves -> ConcatTokensOp.forward(List.of(leaves.get(0), leaves.get(0))),
                0,
                Tolerance.sameAlgorithm());
    }

    static OpCase scaleChannels(int B, int N, int D, int G) {
        return new OpCase(
                "scaleChannels " + B + "x" + N + "x" + D + " G=" + G,
                List.of(Input.normal("x", B, N, D), Input.nearOne("scale", G, D)),
                Shape.of(B, N, D),
                leaves -> ScaleChannelsOp.forward(leaves.get(0), leaves.get(1)),
                (long) B * N * D,
                Tolerance.reduction(Math.max(1, B * N / G)));
    }
}
