package org.blockrecurrent.raptor.training;

import org.blockrecurrent.vit.data.Augmentation;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageSet;
import org.blockrecurrent.vit.training.Teacher;

/** The batches that both stages train on. */
final class RaptorBatches {
    private RaptorBatches() {}

    /** Shuffled, and augmented as the teacher's were if the training asks for it. */
    static Batches training(ImageSet images, Teacher teacher, RaptorTraining training, long seed) {
        Augmentation augmentation =
                training.augment() ? teacher.card().training().augmentation(seed) : Augmentation.NONE;
        return Batches.training(images, teacher.card().normalization(), training.batchSize(), augmentation, seed);
    }
}
