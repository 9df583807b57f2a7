package org.blockrecurrent.raptor.training;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.ImageSet;
import org.blockrecurrent.vit.data.ImageSets;
import org.blockrecurrent.vit.image.Normalization;
import org.blockrecurrent.vit.training.LearningCurve;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TeacherCard;
import org.blockrecurrent.vit.training.TeacherTraining;

/** A teacher of 4 layers and 16 channels that nobody has trained, and some images for it: steps take milliseconds. */
public final class TinyTeacher {
    private TinyTeacher() {}

    public static VitConfig config() {
        return new VitConfig(1, 28, 28, 14, 16, 4, 2, 32, Mlp.Kind.GELU, 2, 0.5f, 1e-6f, 0, 10, VitConfig.Pooling.CLS);
    }

    /** Frozen, with parameters that depend on the seed. */
    public static Teacher of(Backend backend, long seed) {
        return of(backend, config(), seed);
    }

    /** The same of another form. */
    public static Teacher of(Backend backend, VitConfig config, long seed) {
        VisionTransformer model = new VisionTransformer(
                config, ParameterSource.fresh(backend, seed).frozen());
        Normalization normalization = images(64).normalization();
        return new Teacher(
                model,
                new TeacherCard(
                        config, TeacherTraining.smoke(), normalization, "builtin", 0.1, 2.3, LearningCurve.EMPTY));
    }

    public static ImageSet images(int count) {
        return ImageSets.open("builtin").train().first(count);
    }
}
