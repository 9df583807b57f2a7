package org.blockrecurrent.tensor.backend.vector;

import static org.blockrecurrent.tensor.backend.vector.HeapStorage.read;
import static org.blockrecurrent.tensor.backend.vector.HeapStorage.written;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.LossKernels;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.TokenSpan;

/** Losses: sums per image, then over images in order in double precision. */
final class VectorLoss implements LossKernels {
    private final Resources resources;
    private final Lanes lanes;

    VectorLoss(Resources resources) {
        this.resources = resources;
        this.lanes = resources.lanes();
    }

    @Override
    public void tokenMse(Tensor loss, Tensor errors, Tensor prediction, Tensor target, List<TokenSpan> spans) {
        float[] errorValues = written(errors);
        double total = 0;
        for (int i = 0; i < spans.size(); i++) {
            double error = meanSquare(prediction, target, spans.get(i));
            errorValues[i] = (float) error;
            total += spans.get(i).weight() * error;
        }
        written(loss)[0] = (float) total;
    }

    private double meanSquare(Tensor prediction, Tensor target, TokenSpan span) {
        int B = prediction.dim(0);
        int image = prediction.dim(1) * prediction.dim(2);
        int start = span.from() * prediction.dim(2);
        int n = span.count() * prediction.dim(2);
        float[] p = read(prediction);
        float[] t = read(target);
        double[] sums = new double[B];
        resources.chunks(B, 64L * B * n, (b, member) -> {
            for (int from = 0; from < n; from += BlockSums.BLOCK) {
                int at = b * image + start + from;
                sums[b] += lanes.squaredDistance(p, at, t, at, Math.min(BlockSums.BLOCK, n - from));
            }
        });
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total / ((double) B * n);
    }

    @Override
    public void tokenMseBackward(
            Into dprediction, Tensor dloss, Tensor prediction, Tensor target, List<TokenSpan> spans) {
        if (dprediction == null) {
            return;
        }
        int B = prediction.dim(0);
        int N = prediction.dim(1);
        int D = prediction.dim(2);
        double[] factors = new double[N];
        for (TokenSpan span : spans) {
            for (int n = span.from(); n < span.to(); n++) {
                factors[n] += read(dloss)[0] * 2.0 * span.weight() / ((double) B * span.count() * D);
            }
        }
        float[] dp = written(dprediction.tensor());
        float[] p = read(prediction);
        float[] t = read(target);
        resources.rows(B * N, D, (from, to) -> {
            for (int row = from; row < to; row++) {
                int at = row * D;
                if (factors[row % N] != 0) {
                    lanes.difference(dp, at, p, at, t, at, (float) factors[row % N], D, dprediction.add());
                } else if (!dprediction.add()) {
                    java.util.Arrays.fill(dp, at, at + D, 0);
                }
            }
        });
    }

    @Override
    public void crossEntropy(Tensor loss, Tensor probabilities, Tensor logits, Tensor labels, float smoothing) {
        int B = logits.dim(0);
        int K = logits.dim(1);
        float[] x = read(logits);
        float[] y = read(labels);
        float[] p = HeapStorage.writtenOrNull(probabilities);
        double total = 0;
        for (int b = 0; b < B; b++) {
            double lse = logSumExp(x, b * K, K);
            double sumOfLogits = 0;
            for (int k = b * K; k < (b + 1) * K; k++) {
                sumOfLogits += x[k];
                if (p != null) {
                    p[k] = (float) Math.exp(x[k] - lse);
                }
            }
            double own = lse - x[b * K + LossKernels.classOf(y[b], b, K)];
            double average = lse - sumOfLogits / K;
            total += smoothing == 0 ? own : (1 - (double) smoothing) * own + smoothing * average;
        }
        written(loss)[0] = (float) (total / B);
    }

    private static double logSumExp(float[] x, int from, int K) {
        float max = Float.NEGATIVE_INFINITY;
        for (int k = from; k < from + K; k++) {
            max = Math.max(max, x[k]);
        }
        double sum = 0;
        for (int k = from; k < from + K; k++) {
            sum += Math.exp((double) x[k] - max);
        }
        return max + Math.log(sum);
    }

    @Override
    public void crossEntropyBackward(Into dlogits, Tensor dloss, Tensor probabilities, Tensor labels, float smoothing) {
        if (dlogits == null) {
            return;
        }
        int B = probabilities.dim(0);
        int K = probabilities.dim(1);
        float[] p = read(probabilities);
        float[] y = read(labels);
        float[] dx = written(dlogits.tensor());
        double factor = (double) read(dloss)[0] / B;
        for (int i = 0; i < B * K; i++) {
            double q = smoothing / (double) K + (i % K == (int) y[i / K] ? 1 - (double) smoothing : 0);
            float gradient = (float) (factor * (p[i] - q));
            dx[i] = dlogits.add() ? dx[i] + gradient : gradient;
        }
    }

    @Override
    public void blend(Tensor y, Tensor a, Tensor b, StepState state) {
        double share = share(state);
        written(y)[0] = (float) (share * read(a)[0] + (1 - share) * read(b)[0]);
    }

    @Override
    public void blendBackward(Into da, Into db, Tensor dy, StepState state) {
        double share = share(state);
        addScalar(da, share * read(dy)[0]);
        addScalar(db, (1 - share) * read(dy)[0]);
    }

    private static double share(StepState state) {
        return read(state.slots())[StepState.TEACHER_FORCING];
    }

    private static void addScalar(Into y, double value) {
        if (y != null) {
            float[] yv = written(y.tensor());
            yv[0] = (float) (y.add() ? yv[0] + value : value);
        }
    }
}
