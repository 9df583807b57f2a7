package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.autodiff.Op;

/** {@code y = factor · x} for a constant factor. */
public record ScaleOp(Tensor x, float factor) implements Op {

    /** Any shape. */
    public static Tensor forward(Tensor x, float factor) {
        Tensor y = x.backend().empty(x.shape());
        x.backend().elementwise().scale(new Into(y, false), x, factor);
        return y.recordedBy(new ScaleOp(x, factor));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    /** {@code dx = factor · dy}. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        dy.backend().elementwise().scale(gradients.into(x), dy, factor);
    }
}
