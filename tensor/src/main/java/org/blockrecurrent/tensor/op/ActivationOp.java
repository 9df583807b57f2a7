package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;
import org.blockrecurrent.tensor.backend.Activation;

/** An elementwise non-linearity. Keeps x: the derivative costs less to compute again than to store. */
public record ActivationOp(Tensor x, Activation f) implements Op {

    /** {@code y = x · Φ(x)}, any shape. */
    public static Tensor gelu(Tensor x) {
        return forward(x, Activation.GELU);
    }

    /** {@code y = x · σ(x)}, any shape. */
    public static Tensor silu(Tensor x) {
        return forward(x, Activation.SILU);
    }

    /** {@code y = tanh(x)}, any shape. */
    public static Tensor tanh(Tensor x) {
        return forward(x, Activation.TANH);
    }

    /** {@code y = f(x)}, any shape. */
    public static Tensor forward(Tensor x, Activation f) {
        Tensor y = x.backend().empty(x.shape());
        x.backend().elementwise().activation(y, x, f);
        return y.recordedBy(new ActivationOp(x, f));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    /** {@code dx = dy ⊙ f′(x)}; gelu′ = Φ(x) + x φ(x), silu′ = σ(x)(1 + x(1 − σ(x))), tanh′ = 1 − tanh². */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        dy.backend().elementwise().activationBackward(gradients.into(x), dy, x, f);
    }
}
