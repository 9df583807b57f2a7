package org.blockrecurrent.raptor;

import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.LayerNorm;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.SelfAttention;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.tensor.op.ScaleChannelsOp;

/**
 * The block that a phase applies again and again (raptor/block.py). Pre-norm, two residual branches, and three scales that
 * depend on the layer ℓ that is computed:
 *
 * <pre>
 *   x ← x + t₁(ℓ) ⊙ γ₁ ⊙ attention(norm₁(x))      mixes tokens
 *   x ← x + t₂(ℓ) ⊙ γ₂ ⊙ mlp(norm₂(x))            mixes channels
 *   x ← t₃(ℓ) ⊙ x
 * </pre>
 *
 * <p>Parameters have the names of the official state dict. Fresh ones are drawn as there: Xavier for queries, keys and
 * values together, PyTorch's default for the other linear layers (but zero biases in the attention).
 */
public final class RecurrentBlock {
    private final Backend backend;
    private final LayerNorm norm1;
    private final SelfAttention attention;
    private final Tensor gamma1;
    private final LayerNorm norm2;
    private final Mlp mlp;
    private final Tensor gamma2;
    private final DepthScale depthScale;

    public RecurrentBlock(RaptorConfig config, ParameterSource parameters) {
        backend = parameters.backend();
        int D = config.embedDim();
        norm1 = new LayerNorm(D, config.normEps(), parameters.at("norm1"));
        attention = attention(config, parameters.at("attn"));
        gamma1 = layerScale(config, parameters.at("ls1"));
        norm2 = new LayerNorm(D, config.normEps(), parameters.at("norm2"));
        mlp = mlp(config, parameters.at("mlp"));
        gamma2 = layerScale(config, parameters.at("ls2"));
        depthScale = config.depthScale() ? new DepthScale(config, parameters.at("t_proj")) : null;
    }

    /** {@code (B, N, D) → (B, N, D)}: the state after layer ℓ from the state before it. */
    public Tensor forward(Tensor x, int layer, Trace trace) {
        return forward(x, depthScale == null ? null : depthScale.forward(DepthScale.numbers(backend, layer)), trace);
    }

    /** {@code (B, N, D), (B, 1) → (B, N, D)}: a layer of its own for each image. */
    public Tensor forward(Tensor x, Tensor layers, Trace trace) {
        return forward(x, depthScale == null ? null : depthScale.forward(layers), trace);
    }

    /** With scales that {@link #scales} has computed; null where the block has no depth scale. */
    public Tensor forward(Tensor x, DepthScale.Scales scales, Trace trace) {
        if (scales == null) {
            x = attention.residual(x, row(gamma1), norm1.forward(x), trace);
            return mlp.residual(x, row(gamma2), norm2.forward(x), trace);
        }
        x = attention.residual(x, scaled(scales.attention(), gamma1), norm1.forward(x), trace);
        x = mlp.residual(x, scaled(scales.mlp(), gamma2), norm2.forward(x), trace);
        return ScaleChannelsOp.forward(x, scales.output());
    }

    /**
     * The scales of several layers, from their numbers (n, 1), once for a training step; null where the block has no depth
     * scale.
     */
    List<DepthScale.Scales> scales(Tensor layers) {
        return depthScale == null ? null : depthScale.each(layers);
    }

    /** γ (D) as one row, or null. */
    private static Tensor row(Tensor gamma) {
        return gamma == null ? null : gamma.reshape(1, gamma.size());
    }

    /** {@code t ⊙ γ}, (G, D). */
    private static Tensor scaled(Tensor t, Tensor gamma) {
        return gamma == null ? t : t.multiply(gamma);
    }

    private static SelfAttention attention(RaptorConfig config, ParameterSource parameters) {
        int D = config.embedDim();
        Initializer zero = Initializer.constant(0);
        Linear qkv = new Linear(
                parameters.take("in_proj_weight", Initializer.xavierUniform(), 3 * D, D),
                parameters.take("in_proj_bias", zero, 3 * D));
        Linear proj = new Linear(D, D, Initializer.uniformFanIn(D), zero, parameters.at("out_proj"));
        return new SelfAttention(qkv, proj, config.heads());
    }

    private static Tensor layerScale(RaptorConfig config, ParameterSource parameters) {
        float init = config.layerScaleInit();
        return init == 0 ? null : parameters.take("gamma", Initializer.constant(init), config.embedDim());
    }

    private static Mlp mlp(RaptorConfig config, ParameterSource parameters) {
        int D = config.embedDim();
        int F = config.mlpDim();
        return new Mlp(
                config.mlp(), linear(D, config.mlp().firstWidth(F), parameters.at(0)), linear(F, D, parameters.at(2)));
    }

    /** PyTorch's default: weight and bias uniform in ±1/√in. */
    private static Linear linear(int in, int out, ParameterSource parameters) {
        return new Linear(in, out, Initializer.uniformFanIn(in), Initializer.uniformFanIn(in), parameters);
    }
}
