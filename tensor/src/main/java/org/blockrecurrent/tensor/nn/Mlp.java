package org.blockrecurrent.tensor.nn;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.Activation;

/** Two linear layers with a non-linearity between them: the residual branch that mixes channels. */
public final class Mlp {

    /** The non-linearity. */
    public enum Kind {
        /** {@code W₂ gelu(W₁ x)}; the first layer maps D to F. */
        GELU,
        /** As {@link #GELU}, with its approximation by tanh. */
        GELU_TANH,
        /** As {@link #GELU}, with its approximation by the logistic function. */
        QUICK_GELU,
        /** {@code W₂ (silu(gate) ⊙ up)}; the first layer maps D to 2F, gate and up side by side. */
        SWIGLU;

        /** Width of the first layer's output for an MLP of width F. */
        public int firstWidth(int mlpDim) {
            return this == SWIGLU ? 2 * mlpDim : mlpDim;
        }
    }

    private final Kind kind;
    private final Linear first;
    private final Linear second;

    public Mlp(Kind kind, Linear first, Linear second) {
        this.kind = kind;
        this.first = first;
        this.second = second;
    }

    /** {@code (B, N, D) → (B, N, D)}: {@code residual + scale ⊙ mlp(x)}; scale (G, D), or null for 1. */
    public Tensor residual(Tensor residual, Tensor scale, Tensor x, Trace trace) {
        Tensor hidden = hidden(x);
        Branch.show(trace, "mlp", second, scale, hidden);
        return second.residual(residual, scale, hidden);
    }

    private Tensor hidden(Tensor x) {
        return switch (kind) {
            case GELU -> first.activation(x, Activation.GELU);
            case GELU_TANH -> first.activation(x, Activation.GELU_TANH);
            case QUICK_GELU -> first.activation(x, Activation.QUICK_GELU);
            case SWIGLU -> first.swiGlu(x);
        };
    }
}
