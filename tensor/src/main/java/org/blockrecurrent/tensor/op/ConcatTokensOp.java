package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/** Token sequences one after another; a part with a single batch entry (a cls token, registers) is repeated. */
public record ConcatTokensOp(List<Tensor> parts) implements Op {

    /** {@code (B or 1, N_i, D) … → (B, Σ N_i, D)}. */
    public static Tensor forward(List<Tensor> parts) {
        Tensor.requireSameBackend(parts);
        int B = 1;
        int N = 0;
        for (Tensor part : parts) {
            part.requireRank("concatTokens", 3, "(B, N, D)");
            B = Math.max(B, part.dim(0));
            N += part.dim(1);
        }
        int D = parts.get(0).dim(2);
        Tensor y = parts.get(0).backend().empty(Shape.of(B, N, D));
        int at = 0;
        for (Tensor part : parts) {
            if (part.dim(2) != D || (part.dim(0) != B && part.dim(0) != 1)) {
                throw new ShapeException("concatTokens: " + part.shape() + " does not fit (" + B + ", N, " + D + ")");
            }
            y.backend().tokens().copyTokens(y, at, part, 0, part.dim(1));
            at += part.dim(1);
        }
        return y.recordedBy(new ConcatTokensOp(List.copyOf(parts)));
    }

    @Override
    public List<Tensor> inputs() {
        return parts;
    }

    /** Each part receives its tokens of dy, summed over the batch where it was repeated. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        int at = 0;
        for (Tensor part : parts) {
            if (gradients.needs(part)) {
                dy.backend().tokens().copyTokensBackward(gradients.into(part), 0, dy, at, part.dim(1));
            }
            at += part.dim(1);
        }
    }
}
