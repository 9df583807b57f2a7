package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.autodiff.Op;
import org.blockrecurrent.tensor.backend.Activation;

/**
 * {@code y = f(u), u = x Wᵀ + bias} in one pass over the output. Equals {@link #unfused}. Keeps u, from which the
 * derivative of f follows; y is kept by whoever uses it.
 */
public record LinearActivationOp(Tensor x, Tensor weight, Tensor bias, Activation f, Tensor u) implements Op {

    /** {@code (…, K), (N, K), (N) or null → (…, N)}. */
    public static Tensor forward(Tensor x, Tensor weight, Tensor bias, Activation f) {
        LinearOp.requireShapes("linearActivation", x, weight, bias);
        Tensor y = x.backend().empty(x.shape().withLast(weight.dim(0)));
        Tensor u = Op.tracks(Op.present(x, weight, bias)) ? x.backend().empty(y.shape()) : null;
        x.backend().matmul().linearActivation(y, u, x, weight, bias, f);
        return y.recordedBy(new LinearActivationOp(x, weight, bias, f, u));
    }

    /** The composition that this op fuses. */
    public static Tensor unfused(Tensor x, Tensor weight, Tensor bias, Activation f) {
        return ActivationOp.forward(LinearOp.forward(x, weight, bias), f);
    }

    @Override
    public List<Tensor> inputs() {
        return Op.present(x, weight, bias);
    }

    @Override
    public List<Tensor> saved() {
        return Op.present(u);
    }

    /** {@code du = dy ⊙ f′(u)}, then as in {@link LinearOp}. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        Tensor du = dy.backend().empty(u.shape());
        dy.backend().elementwise().activationBackward(new Into(du, false), dy, u, f);
        LinearOp.backward(du, x, weight, bias, gradients);
        du.storage().release();
    }
}
