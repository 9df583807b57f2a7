package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/**
 * Layer normalization over the last axis: {@code y = x̂ ⊙ weight + bias}, {@code x̂ = (x − mean) · rstd}. Keeps two numbers
 * a row; x̂ is computed again from them rather than stored.
 */
public record LayerNormOp(Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor rstd) implements Op {

    /** {@code (…, D), (D), (D) → (…, D)}. {@code eps} is added to the variance, not to its root (DINOv2: 1e-6). */
    public static Tensor forward(Tensor x, Tensor weight, Tensor bias, float eps) {
        Tensor.requireSameBackend(List.of(x, weight, bias));
        weight.require("layerNorm, weight", x.shape().last());
        bias.require("layerNorm, bias", x.shape().last());
        Tensor y = x.backend().empty(x.shape());
        Tensor mean = x.backend().empty(Shape.of(x.shape().rows()));
        Tensor rstd = x.backend().empty(Shape.of(x.shape().rows()));
        x.backend().norm().layerNorm(y, mean, rstd, x, weight, bias, eps);
        return y.recordedBy(new LayerNormOp(x, weight, bias, mean, rstd));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x, weight, bias);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(mean, rstd);
    }

    /** With g = dy ⊙ weight: dx = rstd · (g − mean(g) − x̂ · mean(g ⊙ x̂)); dweight = Σ dy ⊙ x̂; dbias = Σ dy. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        dy.backend()
                .norm()
                .layerNormBackward(
                        gradients.into(x), gradients.into(weight), gradients.into(bias), dy, x, weight, mean, rstd);
    }
}
