package org.blockrecurrent.tensor.op;

import java.util.List;
import java.util.function.Supplier;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/**
 * A computation of which only the inputs are kept for the backward pass, which runs it again (Chen et al., <i>Training deep
 * nets with sublinear memory cost</i>, arXiv 1604.06174): memory for time, one more forward pass. The gradients have the
 * bits that they would have without it, because the same ops run in the same order and leave their gradients in the same
 * buffers.
 *
 * @param inputs every tensor with a history that the computation uses; its parameters need not be named
 * @param computation makes a new tensor from them, the same at each call
 */
public record RecomputeOp(List<Tensor> inputs, Supplier<Tensor> computation) implements Op {

    /** The result of the computation; what it recorded on the way is released. At least one input. */
    public static Tensor forward(List<Tensor> inputs, Supplier<Tensor> computation) {
        Tensor y;
        try (Scope inner = inputs.get(0).backend().openScope()) {
            y = inner.keep(computation.get());
        }
        return y.recordedBy(new RecomputeOp(inputs, computation));
    }

    /** Computes again, recording, and goes back through what was recorded. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        gradients.differentiate(computation.get(), dy, inputs);
    }
}
