package org.blockrecurrent.vit;

import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.LayerNorm;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.ActivationOp;
import org.blockrecurrent.tensor.op.ConcatTokensOp;
import org.blockrecurrent.tensor.op.MeanTokensOp;
import org.blockrecurrent.vit.VitConfig.Pooling;

/** What a model makes of its last tokens: pooled features, and classes where there is a head. */
final class Readout {
    private final Pooling pooling;
    private final LayerNorm pooledNorm;
    private final Linear pooler;
    private final AttentionPool attentionPool;
    private final Linear head;
    private final Linear distillationHead;

    Readout(VitConfig config, ParameterSource source) {
        pooling = config.pooling();
        int D = config.embedDim();
        pooledNorm = config.normsTokens() ? null : new LayerNorm(D, config.normEps(), source.at("fc_norm"));
        pooler = pooling == Pooling.TANH_OF_CLS
                ? new Linear(D, D, source.at("pooler").at("dense"))
                : null;
        attentionPool = pooling == Pooling.ATTENTION ? new AttentionPool(config, source.at("attn_pool")) : null;
        head = head(config, source.at("head"));
        distillationHead = pooling == Pooling.CLS_AND_DISTILLATION ? head(config, source.at("head_dist")) : null;
    }

    private static Linear head(VitConfig config, ParameterSource source) {
        if (config.classes() == 0) {
            return null;
        }
        return config.form().headBias()
                ? new Linear(config.pooledDim(), config.classes(), source)
                : Linear.withoutBias(config.pooledDim(), config.classes(), source);
    }

    /** {@code (B, N, D) → (B, pooledDim)}, from tokens after the final norm where tokens are normed. */
    Tensor pool(Tensor normed, TokenLayout layout) {
        return switch (pooling) {
            case CLS, CLS_AND_MEAN_PATCH, MEAN_PATCH -> pool(pooling, normed, layout);
            case NORM_OF_MEAN_PATCH -> pooledNorm.forward(mean(normed, layout));
            case TANH_OF_CLS -> ActivationOp.tanh(pooler.forward(token(normed, layout, TokenGroup.CLS)));
            case ATTENTION -> attentionPool.forward(normed);
            case CLS_AND_DISTILLATION ->
                token(normed, layout, TokenGroup.CLS)
                        .add(token(normed, layout, TokenGroup.DISTILLATION))
                        .scale(0.5f);
        };
    }

    /** {@code (B, N, D) → (B, K)}. */
    Tensor classify(Tensor normed, TokenLayout layout) {
        if (pooling == Pooling.CLS_AND_DISTILLATION) {
            return classify(normed, layout, TokenGroup.CLS)
                    .add(classify(normed, layout, TokenGroup.DISTILLATION))
                    .scale(0.5f);
        }
        return requireHead(head).forward(pool(normed, layout));
    }

    /** {@code (B, N, D) → (B, K)}: what a distilled model's head of that token says alone. */
    Tensor classify(Tensor normed, TokenLayout layout, TokenGroup group) {
        if (pooling != Pooling.CLS_AND_DISTILLATION) {
            throw new InvalidInputException("only a distilled model has a head for each of its class tokens");
        }
        Linear own = requireHead(group == TokenGroup.DISTILLATION ? distillationHead : head);
        return own.forward(token(normed, layout, group));
    }

    /** {@code (B, N, D) → (B, D) or (B, 2D)}, for the ways of pooling that need no parameters. */
    static Tensor pool(Pooling pooling, Tensor normed, TokenLayout layout) {
        return switch (pooling) {
            case CLS -> token(normed, layout, TokenGroup.CLS);
            case MEAN_PATCH -> mean(normed, layout);
            case CLS_AND_MEAN_PATCH -> {
                int B = normed.dim(0);
                int D = normed.dim(2);
                // Side by side along channels is one after the other along tokens, for two vectors of one image.
                Tensor cls = token(normed, layout, TokenGroup.CLS).reshape(B, 1, D);
                yield ConcatTokensOp.forward(List.of(cls, mean(normed, layout).reshape(B, 1, D)))
                        .reshape(B, 2 * D);
            }
            default -> throw new InvalidInputException("pooling " + pooling + " has parameters: ask the model for it");
        };
    }

    private static Tensor token(Tensor normed, TokenLayout layout, TokenGroup group) {
        if (layout.count(group) != 1) {
            throw new InvalidInputException("this model has no " + group.label() + " token");
        }
        return normed.tokens(layout.from(group), layout.to(group)).reshape(normed.dim(0), normed.dim(2));
    }

    private static Tensor mean(Tensor normed, TokenLayout layout) {
        return MeanTokensOp.forward(normed, layout.firstPatch(), layout.tokens());
    }

    private static Linear requireHead(Linear head) {
        if (head == null) {
            throw new InvalidInputException("this model has no classification head");
        }
        return head;
    }
}
