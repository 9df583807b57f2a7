package org.blockrecurrent.vit.training;

import java.util.function.UnaryOperator;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageBatch;
import org.blockrecurrent.vit.data.ImageSet;

/**
 * How well a classifier does on a set.
 *
 * @param images number of images that could be read
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
        Sums sums = new Sums(batches.set());
        batches.forEach(backend, batch -> sums.accept(batch, classifier.apply(batch.images())));
        return sums.result();
    }

    private static final class Sums {
        private final ImageSet set;
        private int images;
        private int right;
        private double crossEntropy;

        Sums(ImageSet set) {
            this.set = set;
        }

        void accept(ImageBatch batch, Tensor logits) {
            int K = logits.dim(1);
            double[] values = logits.toDoubles();
            for (int i = 0; i < batch.size(); i++) {
                int label = set.label(batch.indices()[i]);
                right += largest(values, i * K, K) == label ? 1 : 0;
                crossEntropy += logSumExp(values, i * K, K) - values[i * K + label];
            }
            images += batch.size();
        }

        Evaluation result() {
            if (images == 0) {
                throw new InvalidInputException("no image of " + set.name() + " can be read");
            }
            return new Evaluation(images, (double) right / images, crossEntropy / images);
        }
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
