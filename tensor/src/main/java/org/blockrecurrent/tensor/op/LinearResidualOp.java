package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.autodiff.Op;

/**
 * The end of a residual branch: {@code y = residual + scale ⊙ z, z = x Wᵀ + bias}. The scale is LayerScale, times the
 * depth scale or the stochastic-depth mask where there is one. Equals {@link #unfused}. Keeps z only if the scale is
 * trained: dscale cannot be had from y − residual, which rounding has destroyed where the scale is small.
 */
public record LinearResidualOp(Tensor residual, Tensor scale, Tensor x, Tensor weight, Tensor bias, Tensor z)
        implements Op {

    /** {@code residual (…, N), scale (G, N) or null, x (…, K), (N, K), (N) or null → (…, N)}; G divides the rows. */
    public static Tensor forward(Tensor residual, Tensor scale, Tensor x, Tensor weight, Tensor bias) {
        LinearOp.requireShapes("linearResidual", x, weight, bias);
        residual.require(
                "linearResidual, residual", x.shape().withLast(weight.dim(0)).dims());
        if (scale != null) {
            ScaleChannelsOp.requireGroups("linearResidual", residual, scale);
        }
        Tensor y = x.backend().empty(residual.shape());
        Tensor z = scale != null && scale.requiresGradient() ? x.backend().empty(residual.shape()) : null;
        x.backend().matmul().linearResidual(y, z, residual, scale, x, weight, bias);
        return y.recordedBy(new LinearResidualOp(residual, scale, x, weight, bias, z));
    }

    /** The composition that this op fuses. */
    public static Tensor unfused(Tensor residual, Tensor scale, Tensor x, Tensor weight, Tensor bias) {
        Tensor z = LinearOp.forward(x, weight, bias);
        return AddOp.forward(residual, scale == null ? z : ScaleChannelsOp.forward(z, scale));
    }

    @Override
    public List<Tensor> inputs() {
        return Op.present(residual, scale, x, weight, bias);
    }

    @Override
    public List<Tensor> saved() {
        return Op.present(z);
    }

    /** {@code dz = scale ⊙ dy}, {@code dscale = Σ dy ⊙ z}, {@code dresidual = dy}; the rest as in {@link LinearOp}. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        if (gradients.needs(scale)) {
            dy.backend().tokens().scaleChannelsBackward(gradients.into(scale), dy, z);
        }
        if (scale == null) {
            LinearOp.backward(dy, x, weight, bias, gradients);
        } else if (Op.tracks(Op.present(x, weight, bias))) {
            Tensor dz = dy.backend().empty(dy.shape());
            dy.backend().tokens().scaleChannels(new Into(dz, false), dy, scale);
            LinearOp.backward(dz, x, weight, bias, gradients);
            dz.storage().release();
        }
        gradients.give(residual, dy);
    }
}
