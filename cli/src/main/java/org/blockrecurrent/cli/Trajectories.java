package org.blockrecurrent.cli;

import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.store.ActivationStore;
import org.blockrecurrent.raptor.store.StoredTrajectories;
import org.blockrecurrent.raptor.training.TeacherTrajectories;
import org.blockrecurrent.raptor.training.TrajectorySource;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.Teacher;

/**
 * What a Raptor's phases are found on and what it is trained on.
 *
 * @param name as the run's settings call it
 * @param images to compute them from; null if they are stored
 * @param store that holds them; null if they are computed
 */
record Trajectories(String name, DataSet images, ActivationStore store) {

    /** How unlike the teacher's layers are: over the test images, or over the first ones of the store. */
    DissimilarityMatrix dissimilarity(Teacher teacher, Backend backend, Progress progress) {
        int batch = TeacherOption.evaluationBatch(teacher.config());
        return store == null
                ? Dissimilarities.of(teacher, backend, teacher.evaluation(images.test(), batch), progress)
                : Dissimilarities.of(stored(teacher), backend, batch, progress);
    }

    /** The training images, or all of the store. */
    TrajectorySource training(Teacher teacher) {
        return store == null ? new TeacherTrajectories(teacher, images.train()) : stored(teacher);
    }

    /** Says which pictures could not be read, if any. */
    void reportSkipped(Session session) {
        if (images != null) {
            DataOption.reportSkipped(images, session);
        }
    }

    private StoredTrajectories stored(Teacher teacher) {
        return new StoredTrajectories(store, teacher.model());
    }
}
