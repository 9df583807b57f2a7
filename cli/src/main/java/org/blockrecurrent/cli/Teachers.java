package org.blockrecurrent.cli;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TeacherTrainer;
import org.blockrecurrent.vit.training.TeacherTraining;
import org.blockrecurrent.vit.training.TrainingListener;
import org.blockrecurrent.vit.training.VitCheckpoint;

/** Gets a teacher from a run's folder, or into it. */
final class Teachers {
    private Teachers() {}

    /** The folder's finished teacher, or a new one, continued from where an earlier run stopped. */
    static Teacher trainOrLoad(
            Backend backend,
            VitConfig config,
            TeacherTraining training,
            DataSet data,
            Retention retention,
            RunDirectory directory,
            TrainingListener listener) {
        if (directory.has(TeacherTrainer.CHECKPOINT)) {
            return VitCheckpoint.load(directory.file(TeacherTrainer.CHECKPOINT), backend, config);
        }
        return new TeacherTrainer(backend, config, training, data)
                .withRetention(retention)
                .train(directory.path(), listener);
    }
}
