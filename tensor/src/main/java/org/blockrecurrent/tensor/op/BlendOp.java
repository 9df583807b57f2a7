package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.autodiff.Op;
import org.blockrecurrent.tensor.backend.StepState;

/** {@code y = λ·a + (1 − λ)·b} of two losses, with the share λ read on the device. */
public record BlendOp(Tensor a, Tensor b, StepState state) implements Op {

    /** {@code (), () → ()}. */
    public static Tensor forward(Tensor a, Tensor b, StepState state) {
        Tensor.requireSameBackend(List.of(a, b, state.slots()));
        a.require("blend, first loss");
        b.require("blend, second loss");
        Tensor y = a.backend().empty(Shape.of());
        a.backend().loss().blend(y, a, b, state);
        return y.recordedBy(new BlendOp(a, b, state));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    /** {@code da = λ·dy}, {@code db = (1 − λ)·dy}. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        Into da = gradients.into(a);
        Into db = gradients.into(b);
        dy.backend().loss().blendBackward(da, db, dy, state);
    }
}
