package org.blockrecurrent.vit.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageSet;
import org.blockrecurrent.vit.data.Pictures;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    /** Rounding of a few dozen double operations. */
    private static final double DOUBLE_ROUNDING = 1e-13;

    /** Labels are 0 1 2 0 1 2 0: a classifier that always says 1, with logits 0, 2, 0, is right twice. */
    @Test
    void accuracy_and_cross_entropy_are_means_over_all_images_of_a_ragged_set() {
        ImageSet set = Pictures.of(7, 1, 4, 4, 3);
        Batches batches = Batches.evaluation(set, set.normalization(), 3);
        try (Backend backend = new ReferenceBackend()) {
            Evaluation evaluation = Evaluation.of(backend, batches, images -> always(backend, images.dim(0)));
            double logSum = Math.log(2 + Math.exp(2));
            assertThat(evaluation.images()).isEqualTo(7);
            assertThat(evaluation.accuracy()).isEqualTo(2.0 / 7);
            assertThat(evaluation.crossEntropy())
                    .isCloseTo(
                            (5 * logSum + 2 * (logSum - 2)) / 7, org.assertj.core.data.Offset.offset(DOUBLE_ROUNDING));
        }
    }

    private static Tensor always(Backend backend, int B) {
        float[] logits = new float[3 * B];
        for (int b = 0; b < B; b++) {
            logits[3 * b + 1] = 2;
        }
        return backend.tensor(Shape.of(B, 3), logits);
    }
}
