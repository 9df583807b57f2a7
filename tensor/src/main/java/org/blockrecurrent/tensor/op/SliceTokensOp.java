package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/** A range of the tokens of every image. */
public record SliceTokensOp(Tensor x, int from, int to) implements Op {

    /** {@code (B, N, D) → (B, to − from, D)}. */
    public static Tensor forward(Tensor x, int from, int to) {
        requireRange("sliceTokens", x, from, to);
        Tensor y = x.backend().empty(Shape.of(x.dim(0), to - from, x.dim(2)));
        x.backend().tokens().copyTokens(y, 0, x, from, to - from);
        return y.recordedBy(new SliceTokensOp(x, from, to));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    /** {@code dx = dy} in the range, 0 elsewhere. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        dy.backend().tokens().copyTokensBackward(gradients.into(x), from, dy, 0, to - from);
    }

    static void requireRange(String name, Tensor x, int from, int to) {
        x.requireRank(name, 3, "(B, N, D)");
        if (from < 0 || from >= to || to > x.dim(1)) {
            throw new ShapeException(name + ": tokens " + from + " to " + to + " are not in " + x.shape());
        }
    }
}
