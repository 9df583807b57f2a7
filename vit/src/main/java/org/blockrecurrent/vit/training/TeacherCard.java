package org.blockrecurrent.vit.training;

import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.image.Normalization;

/**
 * What a checkpoint says of a teacher beside its parameters.
 *
 * @param normalization how its images become floats
 * @param dataSet name of the data set it was trained on
 * @param accuracy on the test images
 * @param crossEntropy on the test images, in nats
 * @param curve of its training
 */
public record TeacherCard(
        VitConfig config,
        TeacherTraining training,
        Normalization normalization,
        String dataSet,
        double accuracy,
        double crossEntropy,
        LearningCurve curve) {}
