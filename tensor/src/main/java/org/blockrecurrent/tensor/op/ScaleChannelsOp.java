package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.autodiff.Op;

/** {@code y = scale ⊙ x}, one scale (D) for each of G equal groups of rows: LayerScale, or a depth scale per image. */
public record ScaleChannelsOp(Tensor x, Tensor scale) implements Op {

    /** {@code (…, D), (G, D) → (…, D)}. */
    public static Tensor forward(Tensor x, Tensor scale) {
        Tensor.requireSameBackend(List.of(x, scale));
        requireGroups("scaleChannels", x, scale);
        Tensor y = x.backend().empty(x.shape());
        x.backend().tokens().scaleChannels(new Into(y, false), x, scale);
        return y.recordedBy(new ScaleChannelsOp(x, scale));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x, scale);
    }

    /** {@code dx = scale ⊙ dy}, {@code dscale = Σ dy ⊙ x} over the rows of each group. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        if (gradients.needs(x)) {
            dy.backend().tokens().scaleChannels(gradients.into(x), dy, scale);
        }
        if (gradients.needs(scale)) {
            dy.backend().tokens().scaleChannelsBackward(gradients.into(scale), dy, x);
        }
    }

    static void requireGroups(String name, Tensor x, Tensor scale) {
        scale.requireRank(name + ", scale", 2, "(G, D)");
        if (scale.dim(0) == 0 || scale.dim(1) != x.shape().last() || x.shape().rows() % scale.dim(0) != 0) {
            throw new ShapeException(
                    name + ": scale (G, D) " + scale.shape() + " does not divide the rows of " + x.shape());
        }
    }
}
