package org.blockrecurrent.vit;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.LayerNorm;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.tensor.op.AttentionOp;
import org.blockrecurrent.tensor.op.ConcatTokensOp;
import org.blockrecurrent.tensor.op.LinearOp;

/**
 * SigLIP's pooling (Zhai et al., arXiv 2303.15343): one learned query attends to the tokens, then a residual MLP.
 *
 * <pre>
 *   z = proj(softmax(q kᵀ/√Dh) v)      q from the learned latent; k, v from the tokens
 *   y = z + mlp(norm(z))
 * </pre>
 *
 * <p>The query is the same for every token that asks, so the ordinary attention serves: its query rows are all set to q, by a
 * weight whose part for queries is zero and whose bias is q, and the first row of the result is taken. That costs as much
 * as the attention of one block.
 */
final class AttentionPool {
    private final int heads;
    private final Tensor latent;
    private final Tensor weight;
    private final Tensor bias;
    private final Linear proj;
    private final LayerNorm norm;
    private final Mlp mlp;

    AttentionPool(VitConfig config, ParameterSource parameters) {
        int D = config.embedDim();
        int F = config.mlpDim();
        heads = config.heads();
        latent = parameters.take("latent", VisionTransformer.tokenInitializer(), 1, 1, D);
        ParameterSource qkv = parameters.at("qkv");
        weight = qkv.take("weight", VisionTransformer.tokenInitializer(), 3 * D, D);
        bias = qkv.take("bias", Initializer.constant(0), 3 * D);
        proj = new Linear(D, D, parameters.at("proj"));
        norm = new LayerNorm(D, config.normEps(), parameters.at("norm"));
        ParameterSource layers = parameters.at("mlp");
        mlp = new Mlp(config.mlp(), new Linear(D, F, layers.at("fc1")), new Linear(F, D, layers.at("fc2")));
    }

    /** {@code (B, N, D) → (B, D)}. */
    Tensor forward(Tensor normed) {
        int D = normed.dim(2);
        Tensor mixed = AttentionOp.forward(LinearOp.forward(normed, keyValueWeight(D), queryBias(D)), heads);
        Tensor z = proj.forward(mixed.tokens(0, 1));
        return mlp.residual(z, null, norm.forward(z), Trace.NONE).reshape(normed.dim(0), D);
    }

    /** (3D, D): zeros for the queries, then the weight's rows for keys and values. */
    private Tensor keyValueWeight(int D) {
        Tensor zeros = weight.backend().zeros(Shape.of(1, D, D));
        Tensor keysAndValues = weight.reshape(1, 3 * D, D).tokens(D, 3 * D);
        return ConcatTokensOp.forward(List.of(zeros, keysAndValues)).reshape(3 * D, D);
    }

    /** (3D): the latent's query, then the bias of keys and values. */
    private Tensor queryBias(int D) {
        Tensor queryWeight = weight.reshape(1, 3 * D, D).tokens(0, D).reshape(D, D);
        Tensor parts = bias.reshape(1, 3, D);
        Tensor query = LinearOp.forward(latent, queryWeight, parts.tokens(0, 1).reshape(D));
        return ConcatTokensOp.forward(List.of(query, parts.tokens(1, 3))).reshape(3 * D);
    }
}
