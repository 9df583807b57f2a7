package org.blockrecurrent.vit;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.LayerNorm;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.SelfAttention;
import org.blockrecurrent.tensor.nn.Trace;

/**
 * One pre-norm transformer block: two residual branches, each scaled channel by channel.
 *
 * <pre>
 *   x ← x + γ₁ ⊙ attention(norm₁(x))      mixes tokens
 *   x ← x + γ₂ ⊙ mlp(norm₂(x))            mixes channels
 * </pre>
 *
 * <p>The names given to {@code parameters.at} are those of the DINOv2 and timm checkpoints.
 */
final class Block {
    private final LayerNorm norm1;
    private final SelfAttention attention;
    private final Tensor gamma1;
    private final LayerNorm norm2;
    private final Mlp mlp;
    private final Tensor gamma2;

    Block(VitConfig config, ParameterSource parameters) {
        int D = config.embedDim();
        norm1 = new LayerNorm(D, config.normEps(), parameters.at("norm1"));
        ParameterSource attn = parameters.at("attn");
        Linear qkv = config.form().qkvBias()
                ? new Linear(D, 3 * D, attn.at("qkv"))
                : Linear.withoutBias(D, 3 * D, attn.at("qkv"));
        attention = new SelfAttention(qkv, new Linear(D, D, attn.at("proj")), config.heads());
        gamma1 = layerScale(config, parameters.at("ls1"));
        norm2 = new LayerNorm(D, config.normEps(), parameters.at("norm2"));
        mlp = mlp(config, parameters.at("mlp"));
        gamma2 = layerScale(config, parameters.at("ls2"));
    }

    /** {@code (B, N, D) → (B, N, D)}. Drop masks (B, D) are null outside of training. */
    Tensor forward(Tensor x, Tensor dropAttention, Tensor dropMlp, Trace trace) {
        x = attention.residual(x, branchScale(gamma1, dropAttention), norm1.forward(x), trace);
        return mlp.residual(x, branchScale(gamma2, dropMlp), norm2.forward(x), trace);
    }

    /** γ (1, D) or the mask (B, D) or their product, whichever there are. */
    private static Tensor branchScale(Tensor gamma, Tensor mask) {
        if (gamma == null || mask == null) {
            return gamma == null ? mask : gamma.reshape(1, gamma.size());
        }
        return mask.multiply(gamma);
    }

    private static Tensor layerScale(VitConfig config, ParameterSource parameters) {
        float init = config.layerScaleInit();
        return init == 0 ? null : parameters.take("gamma", Initializer.constant(init), config.embedDim());
    }

    private static Mlp mlp(VitConfig config, ParameterSource parameters) {
        int D = config.embedDim();
        int F = config.mlpDim();
        boolean gated = config.mlp() == Mlp.Kind.SWIGLU;
        return new Mlp(
                config.mlp(),
                new Linear(D, config.mlp().firstWidth(F), parameters.at(gated ? "w12" : "fc1")),
                new Linear(F, D, parameters.at(gated ? "w3" : "fc2")));
    }
}
