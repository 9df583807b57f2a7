package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/** Sum of all elements. */
public record SumOp(Tensor x) implements Op {

    /** {@code (…) → ()}. */
    public static Tensor forward(Tensor x) {
        Tensor y = x.backend().empty(Shape.of());
        x.backend().reduce().sum(y, x, 1);
        return y.recordedBy(new SumOp(x));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    /** {@code dx = dy} for every element. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        dy.backend().reduce().spread(gradients.into(x), dy, 1);
    }
}
