package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/** The mean of a range of tokens of every image. */
public record MeanTokensOp(Tensor x, int from, int to) implements Op {

    /** {@code (B, N, D) → (B, D)}. */
    public static Tensor forward(Tensor x, int from, int to) {
        SliceTokensOp.requireRange("meanTokens", x, from, to);
        Tensor y = x.backend().empty(Shape.of(x.dim(0), x.dim(2)));
        x.backend().reduce().meanTokens(y, x, from, to);
        return y.recordedBy(new MeanTokensOp(x, from, to));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    /** {@code dx = dy / (to − from)} in the range, 0 elsewhere. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        dy.backend().reduce().meanTokensBackward(gradients.into(x), dy, from, to);
    }
}
