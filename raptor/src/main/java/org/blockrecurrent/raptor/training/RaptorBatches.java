package org.blockrecurrent.raptor.training;

import org.blockrecurrent.vit.data.Augmentation;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageSet;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TeacherTraining;

/** The batches that both stages train on. */
final class RaptorBatches {
    private RaptorBatches() {}

    /** Shuffled, and augmented as the teacher's were if the training asks for it. */
    static Batches training(ImageSet images, Teacher teacher, RaptorTraining training, long seed) {
        TeacherTraining ofTeacher = teacher.card().training();
        Augmentation augmentation =
                training.augment() ? new Augmentation(ofTeacher.shift(), ofTeacher.flip(), seed) : Augmentation.NONE;
        return Batches.training(images, teacher.card().normalization(), training.batchSize(), augmentation, seed);
    }
}
