package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.autodiff.Op;

/** Cosine of each row of a with the same row of b; norms are taken as at least 1e-8. */
public record CosineOp(Tensor a, Tensor b) implements Op {

    /** {@code (…, D), (…, D) → (rows)}. */
    public static Tensor forward(Tensor a, Tensor b) {
        Tensor.requireSameBackend(List.of(a, b));
        b.require("cosine, right", a.shape().dims());
        Tensor y = a.backend().empty(Shape.of(a.shape().rows()));
        a.backend().reduce().cosine(y, a, b);
        return y.recordedBy(new CosineOp(a, b));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    /** {@code da = dy · (b̂ − y â)/‖a‖} with â, b̂ the rows divided by their norms; db likewise. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        Into da = gradients.into(a);
        Into db = gradients.into(b);
        dy.backend().reduce().cosineBackward(da, db, dy, a, b);
    }
}
