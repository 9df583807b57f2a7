package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.autodiff.Op;

/** {@code y = a ⊙ b}, b repeated over the leading axes of a. */
public record MultiplyOp(Tensor a, Tensor b) implements Op {

    /** {@code (…, S), (S) → (…, S)}. */
    public static Tensor forward(Tensor a, Tensor b) {
        AddOp.requireBroadcast("multiply", a, b);
        Tensor y = a.backend().empty(a.shape());
        a.backend().elementwise().multiply(new Into(y, false), a, b);
        return y.recordedBy(new MultiplyOp(a, b));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    /** {@code da = dy ⊙ b}; {@code db = Σ dy ⊙ a} over the axes that b was repeated along. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        if (gradients.needs(a)) {
            dy.backend().elementwise().multiply(gradients.into(a), dy, b);
        }
        if (gradients.needs(b)) {
            dy.backend().reduce().sumLeadingProduct(gradients.into(b), dy, a);
        }
    }
}
