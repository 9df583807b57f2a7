package org.blockrecurrent.vit.training;

import java.util.function.UnaryOperator;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageBatch;

/**
 * How well a classifier does on a set.
 *
 * @param images number of images
 * @param accuracy share of images whose largest logit is that of their class; the first of equal logits counts
 * @param crossEntropy mean of −log p of the right class, in nats
 */
public record Evaluation(int images, double accuracy, double crossEntropy) {

    /** A model with its own head. */
    public static Evaluation of(VisionTransformer model, Backend backend, Batches batches) {
        return of(backend, batches, model::logits);
    }

    /** Anything that makes logits (B, K) of images (B, C, height, width). One scope a batch. */
    public static Evaluation of(Backend backend, Batches batches, UnaryOperator<Tensor> classifier) {
        int right = 0;
        double crossEntropy = 0;
        for (int step = 0; step < batches.perEpoch(); step++) {
            try (Scope scope = backend.openScope()) {
                ImageBatch batch = batches.at(backend, step);
                Tensor logits = classifier.apply(batch.images());
                int K = logits.dim(1);
                double[] values = logits.toDoubles();
                for (int i = 0; i < batch.size(); i++) {
                    int label = batches.set().label(batch.indices()[i]);
                    right += largest(values, i * K, K) == label ? 1 : 0;
                    crossEntropy += logSumExp(values, i * K, K) - values[i * K + label];
                }
            }
        }
        int images = batches.set().count();
        return new Evaluation(images, (double) right / images, crossEntropy / images);
    }

    private static int largest(double[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }

    private static double logSumExp(double[] values, int from, int count) {
        double max = values[from + largest(values, from, count)];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(values[from + i] - max);
        }
        return max + Math.log(sum);
    }
}
