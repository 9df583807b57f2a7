package org.blockrecurrent.raptor.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.SelfAttention;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.tensor.op.ActivationOp;
import org.blockrecurrent.tensor.op.LayerNormOp;
import org.blockrecurrent.tensor.op.LinearOp;
import org.blockrecurrent.tensor.op.ScaleChannelsOp;
import org.blockrecurrent.tensor.op.SwiGluOp;

/**
 * {@link org.blockrecurrent.raptor.RecurrentBlock} one operation after the other, so that each result can be looked at under
 * the name that it has in the official code. With a depth scale and LayerScale, as published.
 */
final class UnfusedBlock {
    private final RaptorConfig config;
    private final ParameterSource parameters;
    private final Map<String, Tensor> seen = new LinkedHashMap<>();

    UnfusedBlock(RaptorConfig config, ParameterSource parameters) {
        this.config = config;
        this.parameters = parameters;
    }

    /** {@code (B, N, D)} → every result by its name; those of the depth scale are {@code (B, 1, …)}. */
    Map<String, Tensor> forward(Tensor x, int layer) {
        Tensor scales = depthScale(x, layer);
        Tensor attended = see("attn", attention(see("norm1", norm("norm1", x))));
        Tensor ls1 = see("ls1", attended.multiply(vector("ls1.gamma", config.embedDim())));
        Tensor afterAttention = see("after_attention", x.add(scaled(ls1, scales, 1)));
        Tensor normed = see("norm2", norm("norm2", afterAttention));
        Tensor hidden = see("mlp.0", linear("mlp.0", normed, config.mlp().firstWidth(config.mlpDim())));
        boolean gated = config.mlp() == Mlp.Kind.SWIGLU;
        Tensor active = see("mlp.1", gated ? SwiGluOp.forward(hidden) : ActivationOp.gelu(hidden));
        Tensor out = see("mlp.2", linear("mlp.2", active, config.embedDim()));
        Tensor ls2 = see("ls2", out.multiply(vector("ls2.gamma", config.embedDim())));
        Tensor afterMlp = see("after_mlp", afterAttention.add(scaled(ls2, scales, 2)));
        see("out", scaled(afterMlp, scales, 3));
        return seen;
    }

    /** t₁, t₂ and t₃ of every image, (B, 3, D). */
    private Tensor depthScale(Tensor x, int layer) {
        int B = x.dim(0);
        int D = config.embedDim();
        Tensor layers = x.backend().empty(B, 1, 1);
        x.backend().fill(layers.storage(), layer);
        Tensor hidden = see("t_proj.0", linear("t_proj.0", layers, config.depthHidden()));
        Tensor all = see("t_proj.2", linear("t_proj.2", see("t_proj.1", ActivationOp.silu(hidden)), 3 * D));
        Tensor one = x.backend().empty(3 * D);
        x.backend().fill(one.storage(), 1);
        Tensor scales = all.add(one).reshape(B, 3, D);
        for (int i = 1; i <= 3; i++) {
            see("t" + i, scales.tokens(i - 1, i));
        }
        return scales;
    }

    private Tensor scaled(Tensor x, Tensor scales, int number) {
        return ScaleChannelsOp.forward(x, scales.tokens(number - 1, number).reshape(x.dim(0), config.embedDim()));
    }

    private Tensor norm(String name, Tensor x) {
        return LayerNormOp.forward(
                x,
                vector(name + ".weight", config.embedDim()),
                vector(name + ".bias", config.embedDim()),
                config.normEps());
    }

    /** Without a residual stream: added to zeros. */
    private Tensor attention(Tensor normed) {
        int D = config.embedDim();
        ParameterSource attn = parameters.at("attn");
        Linear qkv = new Linear(matrix("attn.in_proj_weight", 3 * D, D), vector("attn.in_proj_bias", 3 * D));
        Linear proj = new Linear(D, D, attn.at("out_proj"));
        Tensor zeros = normed.backend().zeros(normed.shape());
        return new SelfAttention(qkv, proj, config.heads()).residual(zeros, null, normed, Trace.NONE);
    }

    private Tensor linear(String name, Tensor x, int out) {
        return LinearOp.forward(x, matrix(name + ".weight", out, x.dim(2)), vector(name + ".bias", out));
    }

    private Tensor vector(String name, int size) {
        return parameters.take(name, Initializer.constant(0), size);
    }

    private Tensor matrix(String name, int out, int in) {
        return parameters.take(name, Initializer.constant(0), out, in);
    }

    private Tensor see(String name, Tensor value) {
        seen.put(name, value);
        return value;
    }
}
