package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/** The same values under another shape; shares the memory. */
public record ReshapeOp(Tensor x) implements Op {

    /** Any shape to any other of the same size. */
    public static Tensor forward(Tensor x, Shape shape) {
        if (shape.size() != x.size()) {
            throw new ShapeException(
                    "reshape: " + x.shape() + " has " + x.size() + " elements, " + shape + " has " + shape.size());
        }
        return x.sharedAs(shape).recordedBy(new ReshapeOp(x));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    /** {@code dx = dy} under the shape of x. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        gradients.give(x, dy);
    }
}
