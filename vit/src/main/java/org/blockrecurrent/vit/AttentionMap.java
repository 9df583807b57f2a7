package org.blockrecurrent.vit;

import java.util.Arrays;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;

/**
 * How much each token attends to each other in one layer: {@code softmax(q kᵀ/√Dh)}, (B, H, N, N). The attention kernels never
 * store it; here it is computed again, on the host and in double precision, for those who want to look.
 *
 * @param weights (B, H, N, N), row-major; each row sums to one
 */
public record AttentionMap(int batch, int heads, int tokens, double[] weights) {

    /** The map of layer ℓ in 1 … L, from the state before it, {@code x_{ℓ−1}} (B, N, D). */
    public static AttentionMap of(VisionTransformer model, Tensor xBefore, int layer) {
        double[][] seen = new double[1][];
        try (Scope inner = xBefore.backend().openScope()) {
            model.step(xBefore.detach(), layer, (name, value) -> {
                if (name.equals("qkv")) {
                    seen[0] = value.toDoubles();
                }
            });
        }
        int B = xBefore.dim(0);
        int N = xBefore.dim(1);
        int heads = model.config().heads();
        double[] weights = new double[B * heads * N * N];
        for (int b = 0; b < B; b++) {
            for (int h = 0; h < heads; h++) {
                head(weights, (b * heads + h) * N * N, seen[0], b, h, N, xBefore.dim(2), heads);
            }
        }
        return new AttentionMap(B, heads, N, weights);
    }

    private static void head(double[] to, int at, double[] qkv, int b, int h, int N, int D, int heads) {
        int headDim = D / heads;
        for (int i = 0; i < N; i++) {
            int query = (b * N + i) * 3 * D + h * headDim;
            for (int j = 0; j < N; j++) {
                int key = (b * N + j) * 3 * D + D + h * headDim;
                double score = 0;
                for (int d = 0; d < headDim; d++) {
                    score += qkv[query + d] * qkv[key + d];
                }
                to[at + i * N + j] = score / Math.sqrt(headDim);
            }
            softmax(to, at + i * N, N);
        }
    }

    private static void softmax(double[] row, int from, int n) {
        double largest = Arrays.stream(row, from, from + n).max().orElse(0);
        double sum = 0;
        for (int i = from; i < from + n; i++) {
            row[i] = Math.exp(row[i] - largest);
            sum += row[i];
        }
        for (int i = from; i < from + n; i++) {
            row[i] /= sum;
        }
    }

    /** What one token of an image attends to in one head: (N). */
    public double[] row(int image, int head, int token) {
        int from = ((image * heads + head) * tokens + token) * tokens;
        return Arrays.copyOfRange(weights, from, from + tokens);
    }
}
