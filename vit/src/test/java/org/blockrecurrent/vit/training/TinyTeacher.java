package org.blockrecurrent.vit.training;

import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.VitConfig;

/** A teacher small enough to be trained in a test, with everything that a large one has. */
final class TinyTeacher {
    private TinyTeacher() {}

    static VitConfig config() {
        return new VitConfig(
                1,
                16,
                16,
                4,
                16,
                2,
                2,
                24,
                Mlp.Kind.GELU,
                1,
                0.5f,
                1e-6f,
                0.1f,
                4,
                VitConfig.Pooling.CLS_AND_MEAN_PATCH);
    }

    static TeacherTraining training() {
        return new TeacherTraining(3, 8, 3e-3f, 4, 1e-5f, 0.05f, 0.1f, 1, 1, true, 1, 5);
    }
}
