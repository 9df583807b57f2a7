package org.blockrecurrent.tensor.nn;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.LayerNormOp;

/** Layer normalization with a learned weight and bias (D). */
public final class LayerNorm {
    private final Tensor weight;
    private final Tensor bias;
    private final float eps;

    public LayerNorm(int dim, float eps, ParameterSource parameters) {
        weight = parameters.take("weight", Initializer.constant(1), dim);
        bias = parameters.take("bias", Initializer.constant(0), dim);
        this.eps = eps;
    }

    /** {@code (…, D) → (…, D)}. */
    public Tensor forward(Tensor x) {
        return LayerNormOp.forward(x, weight, bias, eps);
    }
}
