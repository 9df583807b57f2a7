package org.blockrecurrent.vit.training;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.Augmentation;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageSet;
import org.blockrecurrent.vit.image.Normalization;
import org.jspecify.annotations.Nullable;

/**
 * A trained, frozen Vision Transformer that surrogates follow.
 *
 * @param normalization how its images become floats
 * @param card how it was trained here; null for a published model
 */
public record Teacher(
        VisionTransformer model,
        Normalization normalization,
        @Nullable TeacherCard card) {

    /** One that was trained here. */
    public Teacher(VisionTransformer model, TeacherCard card) {
        this(model, card.normalization(), card);
    }

    /** The same model with random parameters, frozen, in the backend's current scope: what training has not made. */
    public Teacher untrainedTwin(Backend backend, long seed) {
        ParameterSource fresh = ParameterSource.fresh(backend, seed).frozen();
        return new Teacher(new VisionTransformer(config(), fresh), normalization, card);
    }

    public VitConfig config() {
        return model.config();
    }

    /** Whether its head names the classes of this set. A published model's head may be for other classes, or missing. */
    public boolean classifies(ImageSet set) {
        return config().classes() > 0 && config().classes() == set.classes();
    }

    /** The images of a set in order, normalized as this teacher wants them. */
    public Batches evaluation(ImageSet set, int batch) {
        requireFits(set);
        return Batches.evaluation(set, normalization, batch);
    }

    /** What its training images went through, with random numbers of another seed; mirrored, for a published model. */
    public Augmentation augmentation(long seed) {
        return card == null ? new Augmentation(0, true, seed) : card.training().augmentation(seed);
    }

    /** Throws an exception that says what is wrong unless these images have the size, and for its own head the classes. */
    public void requireFits(ImageSet set) {
        if (card == null) {
            requireSize(config(), set);
        } else {
            requireFits(config(), set);
        }
    }

    /** Throws an exception that says what is wrong unless a model of this configuration can classify these images. */
    public static void requireFits(VitConfig config, ImageSet set) {
        requireSize(config, set);
        if (config.classes() != set.classes()) {
            throw new InvalidInputException(
                    "the model's head has " + config.classes() + " classes, " + set.name() + " has " + set.classes()
                            + "; give the data set that it is meant for, or train a head for this one");
        }
    }

    private static void requireSize(VitConfig config, ImageSet set) {
        boolean sizes = config.channels() == set.channels()
                && config.imageHeight() == set.height()
                && config.imageWidth() == set.width();
        if (!sizes) {
            throw new InvalidInputException(
                    "the model takes images of " + config.channels() + " x " + config.imageHeight() + " x "
                            + config.imageWidth() + ", not " + set + "; give the data set that it is meant for");
        }
    }
}
