package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/**
 * Softmax cross-entropy with label smoothing, mean over the batch: {@code −Σ_k q_k log softmax(logits)_k},
 * {@code q = (1 − smoothing) · onehot + smoothing/K}. Keeps the probabilities.
 */
public record CrossEntropyOp(Tensor logits, Tensor labels, float smoothing, Tensor probabilities) implements Op {

    /** {@code (B, K), labels (B) holding class numbers 0 … K−1 → ()}. */
    public static Tensor forward(Tensor logits, Tensor labels, float smoothing) {
        Tensor.requireSameBackend(List.of(logits, labels));
        logits.requireRank("crossEntropy, logits", 2, "(B, K)");
        labels.require("crossEntropy, labels", logits.dim(0));
        Tensor loss = logits.backend().empty(Shape.of());
        Tensor probabilities = logits.requiresGradient() ? logits.backend().empty(logits.shape()) : null;
        logits.backend().loss().crossEntropy(loss, probabilities, logits, labels, smoothing);
        return loss.recordedBy(new CrossEntropyOp(logits, labels, smoothing, probabilities));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(logits);
    }

    @Override
    public List<Tensor> saved() {
        return Op.present(probabilities);
    }

    /** {@code dlogits = dloss/B · (probabilities − q)}. */
    @Override
    public void backward(Tensor dloss, GradientSink gradients) {
        dloss.backend().loss().crossEntropyBackward(gradients.into(logits), dloss, probabilities, labels, smoothing);
    }
}
