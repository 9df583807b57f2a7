package org.blockrecurrent.tensor.nn;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.op.LinearActivationOp;
import org.blockrecurrent.tensor.op.LinearOp;
import org.blockrecurrent.tensor.op.LinearResidualOp;
import org.blockrecurrent.tensor.op.LinearSwiGluOp;

/** {@code y = x Wᵀ + bias} with {@code weight (out, in)} and {@code bias (out)}, and what is fused behind it. */
public final class Linear {
    private final Tensor weight;
    private final Tensor bias;

    public Linear(int in, int out, ParameterSource parameters) {
        this(in, out, Initializer.truncatedNormal(0.02), Initializer.constant(0), parameters);
    }

    /** A map without a bias. */
    public static Linear withoutBias(int in, int out, ParameterSource parameters) {
        return new Linear(parameters.take("weight", Initializer.truncatedNormal(0.02), out, in), null);
    }

    public Linear(int in, int out, Initializer weight, Initializer bias, ParameterSource parameters) {
        this(parameters.take("weight", weight, out, in), parameters.take("bias", bias, out));
    }

    /** From leaves that were taken under other names; the bias may be null. */
    public Linear(Tensor weight, Tensor bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /** {@code (…, in) → (…, out)}. */
    public Tensor forward(Tensor x) {
        return LinearOp.forward(x, weight, bias);
    }

    /** {@code (…, in) → (…, out)}: {@code f(forward(x))}. */
    public Tensor activation(Tensor x, Activation f) {
        return LinearActivationOp.forward(x, weight, bias, f);
    }

    /** {@code (…, in) → (…, out/2)}: gate and up side by side in the output, {@code silu(gate) ⊙ up}. */
    public Tensor swiGlu(Tensor x) {
        return LinearSwiGluOp.forward(x, weight, bias);
    }

    /** {@code (…, in) → (…, out)}: {@code residual + scale ⊙ forward(x)}; scale (G, out), or null for 1. */
    public Tensor residual(Tensor residual, Tensor scale, Tensor x) {
        return LinearResidualOp.forward(residual, scale, x, weight, bias);
    }
}
