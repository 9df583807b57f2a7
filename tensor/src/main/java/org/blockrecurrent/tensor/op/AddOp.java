package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/** {@code y = a + b}, b repeated over the leading axes of a. Keeps nothing but the shapes. */
public record AddOp(Tensor a, Tensor b) implements Op {

    /** {@code (…, S), (S) → (…, S)}. */
    public static Tensor forward(Tensor a, Tensor b) {
        requireBroadcast("add", a, b);
        Tensor y = a.backend().empty(a.shape());
        a.backend().elementwise().add(y, a, b);
        return y.recordedBy(new AddOp(a, b));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    /** {@code da = dy}; {@code db = Σ dy} over the axes that b was repeated along. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        if (gradients.needs(b)) {
            dy.backend().reduce().sumLeading(gradients.into(b), dy);
        }
        gradients.give(a, dy);
    }

    static void requireBroadcast(String name, Tensor a, Tensor b) {
        Tensor.requireSameBackend(List.of(a, b));
        if (!a.shape().endsWith(b.shape())) {
            throw new ShapeException(name + ": the second shape must equal the last axes of the first, got " + a.shape()
                    + " and " + b.shape());
        }
    }
}
