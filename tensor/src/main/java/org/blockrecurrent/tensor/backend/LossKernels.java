package org.blockrecurrent.tensor.backend;

import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;

/** Losses. Every loss is a scalar on the device. */
public interface LossKernels {
    /**
     * {@code errors (S)}: for each span, the mean over batch, tokens and channels of {@code (prediction − target)²};
     * {@code loss = Σ weight · error}. Prediction and target are (B, N, D).
     */
    void tokenMse(Tensor loss, Tensor errors, Tensor prediction, Tensor target, List<TokenSpan> spans);

    /** {@code dprediction = dloss · Σ over the spans that hold the token of 2 · weight/(B · count · D) · (prediction − target)}; zero in no span. */
    void tokenMseBackward(Into dprediction, Tensor dloss, Tensor prediction, Tensor target, List<TokenSpan> spans);

    /**
     * Mean over rows of {@code −Σ_k q_k log p_k}, {@code q = (1 − smoothing) · onehot + smoothing/K}; logits (B, K), labels
     * (B) as floats; {@code probabilities (B, K)} are what backward needs, or null.
     *
     * <p>A label that is no class number 0 … K−1 is an {@link InvalidInputException} where the
     * host computes. A device that the host does not wait for makes the loss and the gradients of the row NaN instead:
     * the update of that step is skipped ({@link StepState#wasSkipped}).
     */
    void crossEntropy(Tensor loss, Tensor probabilities, Tensor logits, Tensor labels, float smoothing);

    /** {@code dlogits = dloss/B · (p − q)}. */
    void crossEntropyBackward(Into dlogits, Tensor dloss, Tensor probabilities, Tensor labels, float smoothing);

    /** The label of a row as a class number, for backends on the host; throws if it is none of 0 … K−1. */
    static int classOf(double label, int row, int K) {
        if (!(label >= 0 && label < K && label == Math.rint(label))) {
            throw new InvalidInputException("crossEntropy: the label of row " + row + " is " + label
                    + ", not a class number 0 … " + (K - 1) + "; check the labels against the width of the head");
        }
        return (int) label;
    }

    /** {@code y = λ · a + (1 − λ) · b} for scalars, λ read from the step state. */
    void blend(Tensor y, Tensor a, Tensor b, StepState state);

    /** {@code da = λ · dy}, {@code db = (1 − λ) · dy}. */
    void blendBackward(Into da, Into db, Tensor dy, StepState state);
}
