package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;
import org.blockrecurrent.tensor.backend.MatmulKernels;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;

/** {@code y = x Wᵀ + bias}; the weight is (out, in) as in every checkpoint. 2·M·N·K flops. */
public record LinearOp(Tensor x, Tensor weight, Tensor bias) implements Op {

    /** {@code (…, K), (N, K), (N) or null → (…, N)}. */
    public static Tensor forward(Tensor x, Tensor weight, Tensor bias) {
        requireShapes("linear", x, weight, bias);
        Tensor y = x.backend().empty(x.shape().withLast(weight.dim(0)));
        x.backend().matmul().linear(y, x, weight, bias);
        return y.recordedBy(new LinearOp(x, weight, bias));
    }

    @Override
    public List<Tensor> inputs() {
        return Op.present(x, weight, bias);
    }

    /** {@code dx = dy W}, {@code dweight = dyᵀ x}, {@code dbias = Σ dy}. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        backward(dy, x, weight, bias, gradients);
    }

    /** The gradients of a linear map, which every fused op ends with. */
    static void backward(Tensor dy, Tensor x, Tensor weight, Tensor bias, GradientSink gradients) {
        MatmulKernels kernels = dy.backend().matmul();
        if (gradients.needs(weight) || gradients.needs(bias)) {
            kernels.linearBackwardWeight(gradients.into(weight), gradients.into(bias), dy, x);
        }
        if (gradients.needs(x)) {
            kernels.matmul(gradients.into(x), dy, weight, Layout.NN);
        }
    }

    static void requireShapes(String name, Tensor x, Tensor weight, Tensor bias) {
        Tensor.requireSameBackend(Op.present(x, weight, bias));
        weight.requireRank(name + ", weight", 2, "(out, in)");
        if (x.shape().rank() == 0 || x.shape().last() != weight.dim(1)) {
            throw new ShapeException(
                    name + ": input " + x.shape() + " does not fit weight (out, in) " + weight.shape());
        }
        if (bias != null) {
            bias.require(name + ", bias", weight.dim(0));
        }
    }
}
