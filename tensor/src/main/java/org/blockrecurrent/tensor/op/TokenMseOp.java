package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;
import org.blockrecurrent.tensor.backend.TokenSpan;

/**
 * Mean-square error per kind of token: {@code Σ weight · mean((prediction − target)²)}, each kind with its own mean
 * (raptor/trainer.py, {@code --weighted}). The target is a constant.
 */
public record TokenMseOp(Tensor prediction, Tensor target, List<TokenSpan> spans) implements Op {

    /** {@code (B, N, D), (B, N, D) → ()}. */
    public static Tensor forward(Tensor prediction, Tensor target, List<TokenSpan> spans) {
        Tensor.requireSameBackend(List.of(prediction, target));
        target.require("tokenMse, target", prediction.shape().dims());
        if (target.requiresGradient()) {
            throw new IllegalArgumentException("tokenMse treats its target as a constant: detach() it");
        }
        for (TokenSpan span : spans) {
            if (prediction.shape().rank() != 3
                    || span.from() < 0
                    || span.from() >= span.to()
                    || span.to() > prediction.dim(1)) {
                throw new ShapeException("tokenMse: " + span + " is not in " + prediction.shape());
            }
        }
        Tensor loss = prediction.backend().empty(Shape.of());
        Tensor errors = prediction.backend().empty(Shape.of(spans.size()));
        prediction.backend().loss().tokenMse(loss, errors, prediction, target, spans);
        errors.storage().release();
        return loss.recordedBy(new TokenMseOp(prediction, target, List.copyOf(spans)));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(prediction);
    }

    /** {@code dprediction = dloss · 2 · weight/(B · count · D) · (prediction − target)} for the tokens of each kind. */
    @Override
    public void backward(Tensor dloss, GradientSink gradients) {
        dloss.backend().loss().tokenMseBackward(gradients.into(prediction), dloss, prediction, target, spans);
    }
}
