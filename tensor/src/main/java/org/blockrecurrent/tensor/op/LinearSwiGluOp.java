package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.autodiff.Op;

/**
 * {@code y = silu(gate) ⊙ up, [gate | up] = u = x Wᵀ + bias}: the first half of a SwiGLU MLP in one pass over the output.
 * Equals {@link #unfused}. Keeps u.
 */
public record LinearSwiGluOp(Tensor x, Tensor weight, Tensor bias, Tensor u) implements Op {

    /** {@code (…, K), (2F, K), (2F) or null → (…, F)}. */
    public static Tensor forward(Tensor x, Tensor weight, Tensor bias) {
        LinearOp.requireShapes("linearSwiGlu", x, weight, bias);
        if (weight.dim(0) % 2 != 0) {
            throw new ShapeException("linearSwiGlu: the weight holds gate and up and needs an even number of rows, got "
                    + weight.shape());
        }
        Tensor y = x.backend().empty(x.shape().withLast(weight.dim(0) / 2));
        boolean tracked = Op.tracks(Op.present(x, weight, bias));
        Tensor u = tracked ? x.backend().empty(x.shape().withLast(weight.dim(0))) : null;
        x.backend().matmul().linearSwiGlu(y, u, x, weight, bias);
        return y.recordedBy(new LinearSwiGluOp(x, weight, bias, u));
    }

    /** The composition that this op fuses. */
    public static Tensor unfused(Tensor x, Tensor weight, Tensor bias) {
        return SwiGluOp.forward(LinearOp.forward(x, weight, bias));
    }

    @Override
    public List<Tensor> inputs() {
        return Op.present(x, weight, bias);
    }

    @Override
    public List<Tensor> saved() {
        return Op.present(u);
    }

    /** {@code du} as in {@link SwiGluOp}, then as in {@link LinearOp}. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        Tensor du = dy.backend().empty(u.shape());
        dy.backend().elementwise().swiGluBackward(new Into(du, false), dy, u);
        LinearOp.backward(du, x, weight, bias, gradients);
        du.storage().release();
    }
}
