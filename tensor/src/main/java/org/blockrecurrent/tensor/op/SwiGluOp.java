package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/** {@code y = silu(gate) ⊙ up} with {@code x = [gate | up]} (Shazeer, arXiv 2002.05202). */
public record SwiGluOp(Tensor x) implements Op {

    /** {@code (…, 2F) → (…, F)}. */
    public static Tensor forward(Tensor x) {
        if (x.shape().last() % 2 != 0) {
            throw new ShapeException("swiGlu: the last axis holds gate and up and must be even, got " + x.shape());
        }
        Tensor y = x.backend().empty(x.shape().withLast(x.shape().last() / 2));
        x.backend().elementwise().swiGlu(y, x);
        return y.recordedBy(new SwiGluOp(x));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    /** {@code dgate = dy ⊙ up ⊙ silu′(gate)}, {@code dup = dy ⊙ silu(gate)}. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        dy.backend().elementwise().swiGluBackward(gradients.into(x), dy, x);
    }
}
