package org.blockrecurrent.vit.training;

import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.image.Normalization;

/** All that determines the bits of a teacher; stored with an unfinished run, which only the same settings can continue. */
public record TeacherSettings(
        VitConfig config, TeacherTraining training, Normalization normalization, String dataSet, int trainImages) {

    TeacherCard card(Evaluation test, LearningCurve curve) {
        return new TeacherCard(config, training, normalization, dataSet, test.accuracy(), test.crossEntropy(), curve);
    }
}
