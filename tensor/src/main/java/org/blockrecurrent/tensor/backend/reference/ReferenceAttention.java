package org.blockrecurrent.tensor.backend.reference;

import static org.blockrecurrent.tensor.backend.reference.ReferenceStorage.values;

import java.util.Arrays;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.AttentionKernels;

final class ReferenceAttention implements AttentionKernels {

    /** Where one head of one image lies in qkv (B, N, 3D) and in y (B, N, D). */
    private record Head(int image, int head, int N, int D, int headDim) {
        int q(int token) {
            return (image * N + token) * 3 * D + head * headDim;
        }

        int k(int token) {
            return q(token) + D;
        }

        int v(int token) {
            return q(token) + 2 * D;
        }

        int y(int token) {
            return (image * N + token) * D + head * headDim;
        }

        int row(int heads, int token) {
            return (image * heads + head) * N + token;
        }

        double scale() {
            return 1 / Math.sqrt(headDim);
        }
    }

    @Override
    public void attention(Tensor y, Tensor lse, Tensor qkv, int heads) {
        int N = qkv.dim(1);
        int D = qkv.dim(2) / 3;
        Target lseTarget = Target.of(lse);
        for (int image = 0; image < qkv.dim(0); image++) {
            for (int h = 0; h < heads; h++) {
                Head head = new Head(image, h, N, D, D / heads);
                for (int i = 0; i < N; i++) {
                    double rowLse = attendFrom(i, head, values(qkv), values(y));
                    lseTarget.put(head.row(heads, i), rowLse);
                }
            }
        }
    }

    /** The output of one query; returns the log-sum-exp of its scores. */
    private static double attendFrom(int i, Head head, double[] qkv, double[] y) {
        double[] scores = scores(i, head, qkv);
        double lse = logSumExp(scores);
        Arrays.fill(y, head.y(i), head.y(i) + head.headDim(), 0);
        for (int j = 0; j < head.N(); j++) {
            double weight = Math.exp(scores[j] - lse);
            for (int d = 0; d < head.headDim(); d++) {
                y[head.y(i) + d] += weight * qkv[head.v(j) + d];
            }
        }
        return lse;
    }

    @Override
    public void attentionBackward(Into dqkv, Tensor dy, Tensor y, Tensor qkv, Tensor lse, int heads) {
        int N = qkv.dim(1);
        int D = qkv.dim(2) / 3;
        double[] gradient = new double[qkv.size()];
        for (int image = 0; image < qkv.dim(0); image++) {
            for (int h = 0; h < heads; h++) {
                Head head = new Head(image, h, N, D, D / heads);
                for (int i = 0; i < N; i++) {
                    double rowLse = values(lse)[head.row(heads, i)];
                    attendBackwardFrom(i, head, gradient, values(dy), values(y), values(qkv), rowLse);
                }
            }
        }
        Target.of(dqkv).putAll(gradient);
    }

    /** What one query contributes to the gradients of its head. */
    private static void attendBackwardFrom(
            int i, Head head, double[] dqkv, double[] dy, double[] y, double[] qkv, double lse) {
        double[] scores = scores(i, head, qkv);
        double delta = dot(dy, head.y(i), y, head.y(i), head.headDim());
        for (int j = 0; j < head.N(); j++) {
            double weight = Math.exp(scores[j] - lse);
            double dweight = dot(dy, head.y(i), qkv, head.v(j), head.headDim());
            double dscore = weight * (dweight - delta) * head.scale();
            for (int d = 0; d < head.headDim(); d++) {
                dqkv[head.q(i) + d] += dscore * qkv[head.k(j) + d];
                dqkv[head.k(j) + d] += dscore * qkv[head.q(i) + d];
                dqkv[head.v(j) + d] += weight * dy[head.y(i) + d];
            }
        }
    }

    private static double[] scores(int i, Head head, double[] qkv) {
        double[] scores = new double[head.N()];
        for (int j = 0; j < scores.length; j++) {
            scores[j] = head.scale() * dot(qkv, head.q(i), qkv, head.k(j), head.headDim());
        }
        return scores;
    }

    /** {@code log Σ exp(x)}, about the largest so that nothing overflows. */
    static double logSumExp(double[] x) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        for (double value : x) {
            sum += Math.exp(value - largest);
        }
        return largest + Math.log(sum);
    }

    private static double dot(double[] a, int aStart, double[] b, int bStart, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += a[aStart + i] * b[bStart + i];
        }
        return sum;
    }
}
