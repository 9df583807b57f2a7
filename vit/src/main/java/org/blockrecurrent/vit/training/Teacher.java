package org.blockrecurrent.vit.training;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageSet;

/** A trained, frozen Vision Transformer and what is known of it. */
public record Teacher(VisionTransformer model, TeacherCard card) {

    /** The images of a set in order, normalized as this teacher wants them. */
    public Batches evaluation(ImageSet set, int batch) {
        requireFits(card.config(), set);
        return Batches.evaluation(set, card.normalization(), batch);
    }

    /** Throws an exception that says what is wrong unless a model of this configuration can classify these images. */
    public static void requireFits(VitConfig config, ImageSet set) {
        boolean sizes = config.channels() == set.channels()
                && config.imageHeight() == set.height()
                && config.imageWidth() == set.width();
        if (!sizes) {
            throw new InvalidInputException(
                    "the model takes images of " + config.channels() + " x " + config.imageHeight() + " x "
                            + config.imageWidth() + ", not " + set + "; give the data set that it is meant for");
        }
        if (config.classes() != set.classes()) {
            throw new InvalidInputException(
                    "the model's head has " + config.classes() + " classes, " + set.name() + " has " + set.classes()
                            + "; give the data set that it is meant for, or train a head for this one");
        }
    }
}
