package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;

/**
 * Every op at many sizes: with ones, primes and ragged tails, and multiples of nothing; token counts from 1 to 261; with
 * and without biases and scales; every input trained, or only some of them. A new op adds its cases here and is tested on
 * every backend.
 */
public final class OpCases {
    private OpCases() {}

    public static List<OpCase> all() {
        List<OpCase> all = new ArrayList<>();
        all.addAll(MatmulCases.all());
        all.addAll(FusedCases.all());
        all.addAll(AttentionCases.all());
        all.addAll(NormCases.all());
        all.addAll(ElementwiseCases.all());
        all.addAll(ReduceCases.all());
        all.addAll(TokenCases.all());
        all.addAll(LossCases.all());
        return all;
    }

    /** The cases that cost little: every op, up to some thousand elements. */
    public static List<OpCase> small() {
        return all().stream().filter(opCase -> opCase.flops() < 20_000).toList();
    }

    /** Each kernel group once, at a size with a part of a vector, a part of a tile and an odd step of a sum at its end. */
    public static List<OpCase> ragged() {
        List<OpCase> ragged = new ArrayList<>();
        for (Layout layout : Layout.values()) {
            ragged.add(MatmulCases.matmul(layout, 35, 67, 71));
        }
        ragged.add(MatmulCases.linear(35, 67, 71));
        for (Activation f : Activation.values()) {
            ragged.add(FusedCases.linearActivation(f, 35, 67, 71).fused());
            ragged.add(ElementwiseCases.activation(f, 35, 71));
        }
        ragged.add(FusedCases.linearSwiGlu(35, 67, 71));
        ragged.add(FusedCases.linearResidual(5, 7, 67, 71, 5));
        ragged.add(AttentionCases.attention(2, 35, 2, 19));
        ragged.add(NormCases.layerNorm(69, 71));
        ragged.add(LossCases.crossEntropy(5, 71, 0.1f));
        ragged.add(ReduceCases.cosine(5, 71));
        ragged.add(ReduceCases.meanTokens(2, 35, 71, 1, 35));
        ragged.add(TokenCases.concat(2, 5, 35, 71));
        ragged.add(TokenCases.scaleChannels(2, 35, 71, 2));
        return ragged;
    }

    /** Ops on values that a processor might flush to zero; {@link SubnormalCases#drawn} has them. */
    public static List<OpCase> subnormal() {
        return SubnormalCases.all();
    }

    /** Fused ops beside the compositions that they equal. */
    public static List<FusedPair> fusedPairs() {
        return FusedCases.pairs();
    }

    /** Batches without an image: they work, or are refused with a message. */
    public static List<OpCase> emptyBatches() {
        return List.of(
                MatmulCases.linear(0, 5, 3),
                FusedCases.linearActivation(Activation.GELU, 0, 5, 3).fused(),
                FusedCases.linearSwiGlu(0, 5, 3),
                FusedCases.linearResidual(0, 2, 5, 3, 1),
                AttentionCases.attention(0, 3, 2, 4),
                NormCases.layerNorm(0, 5),
                ElementwiseCases.activation(Activation.GELU, 0, 5),
                TokenCases.patchify(0, 3, 2, 3, 4),
                TokenCases.scaleChannels(0, 3, 5, 1),
                TokenCases.concat(0, 2, 3, 5),
                TokenCases.slice(0, 4, 5, 1, 3),
                ReduceCases.meanTokens(0, 4, 5, 1, 3),
                ReduceCases.cosine(0, 5),
                LossCases.crossEntropy(0, 5, 0.1f));
    }

    /** A fused op and its unfused composition on the same leaves. */
    public record FusedPair(OpCase fused, OpCase.Body unfused) {
        /** The composition as a case with the inputs of the fused one. */
        public OpCase composition() {
            return new OpCase(fused.label(), fused.inputs(), fused.output(), unfused, fused.flops(), fused.tolerance());
        }

        @Override
        public String toString() {
            return fused.label();
        }
    }
}
