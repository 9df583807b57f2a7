package org.blockrecurrent.tensor.backend.reference;

import static org.blockrecurrent.tensor.backend.reference.ReferenceStorage.values;

import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.LossKernels;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.TokenSpan;

final class ReferenceLoss implements LossKernels {
    @Override
    public void tokenMse(Tensor loss, Tensor errors, Tensor prediction, Tensor target, List<TokenSpan> spans) {
        double weighted = 0;
        for (int s = 0; s < spans.size(); s++) {
            double error = meanSquare(prediction, target, spans.get(s));
            values(errors)[s] = error;
            weighted += Decimal.of(spans.get(s).weight()) * error;
        }
        values(loss)[0] = weighted;
    }

    private static double meanSquare(Tensor prediction, Tensor target, TokenSpan span) {
        int N = prediction.dim(1);
        int D = prediction.dim(2);
        double sum = 0;
        for (int image = 0; image < prediction.dim(0); image++) {
            for (int i = (image * N + span.from()) * D; i < (image * N + span.to()) * D; i++) {
                double difference = values(prediction)[i] - values(target)[i];
                sum += difference * difference;
            }
        }
        return sum / elements(prediction, span);
    }

    @Override
    public void tokenMseBackward(
            Into dprediction, Tensor dloss, Tensor prediction, Tensor target, List<TokenSpan> spans) {
        int N = prediction.dim(1);
        int D = prediction.dim(2);
        double[] gradient = new double[prediction.size()];
        for (TokenSpan span : spans) {
            double factor = values(dloss)[0] * 2 * Decimal.of(span.weight()) / elements(prediction, span);
            for (int image = 0; image < prediction.dim(0); image++) {
                for (int i = (image * N + span.from()) * D; i < (image * N + span.to()) * D; i++) {
                    gradient[i] += factor * (values(prediction)[i] - values(target)[i]);
                }
            }
        }
        Target.of(dprediction).putAll(gradient);
    }

    private static double elements(Tensor prediction, TokenSpan span) {
        return (double) prediction.dim(0) * span.count() * prediction.dim(2);
    }

    @Override
    public void crossEntropy(Tensor loss, Tensor probabilities, Tensor logits, Tensor labels, float smoothing) {
        int B = logits.dim(0);
        int K = logits.dim(1);
        double smoothed = Decimal.of(smoothing);
        Target probabilityTarget = Target.of(probabilities);
        double sum = 0;
        for (int row = 0; row < B; row++) {
            int label = LossKernels.classOf(values(labels)[row], row, K);
            double[] rowLogits = Arrays.copyOfRange(values(logits), row * K, (row + 1) * K);
            double lse = ReferenceAttention.logSumExp(rowLogits);
            for (int k = 0; k < K; k++) {
                double logProbability = rowLogits[k] - lse;
                double share = share(k, label, K, smoothed);
                sum -= share == 0 ? 0 : share * logProbability;
                probabilityTarget.put(row * K + k, Math.exp(logProbability));
            }
        }
        values(loss)[0] = sum / B;
    }

    @Override
    public void crossEntropyBackward(Into dlogits, Tensor dloss, Tensor probabilities, Tensor labels, float smoothing) {
        int B = probabilities.dim(0);
        int K = probabilities.dim(1);
        Target target = Target.of(dlogits);
        double smoothed = Decimal.of(smoothing);
        double factor = values(dloss)[0] / B;
        for (int i = 0; i < probabilities.size(); i++) {
            int label = (int) values(labels)[i / K];
            target.put(i, factor * (values(probabilities)[i] - share(i % K, label, K, smoothed)));
        }
    }

    /** {@code q_k = (1 − smoothing) · onehot + smoothing/K}. */
    private static double share(int k, int label, int K, double smoothing) {
        return (k == label ? 1 - smoothing : 0) + smoothing / K;
    }

    @Override
    public void blend(Tensor y, Tensor a, Tensor b, StepState state) {
        double lambda = lambda(state);
        values(y)[0] = lambda * values(a)[0] + (1 - lambda) * values(b)[0];
    }

    @Override
    public void blendBackward(Into da, Into db, Tensor dy, StepState state) {
        double lambda = lambda(state);
        Target.of(da).put(0, lambda * values(dy)[0]);
        Target.of(db).put(0, (1 - lambda) * values(dy)[0]);
    }

    private static double lambda(StepState state) {
        return Decimal.of((float) values(state.slots())[StepState.TEACHER_FORCING]);
    }
}
