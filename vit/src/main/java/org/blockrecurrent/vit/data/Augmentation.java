package org.blockrecurrent.vit.data;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.image.RandomResizedCrop;
import org.jspecify.annotations.Nullable;

/**
 * Random parts, shifts and mirror images. What happens to an image depends on (seed, epoch, image) alone.
 *
 * @param shift an image moves by up to so many pixels in either direction; what comes in from outside is black
 * @param flip whether an image is mirrored left to right half of the time
 * @param crop which random part of an image is shown instead of the whole; null for none
 */
public record Augmentation(
        int shift, boolean flip, @Nullable RandomResizedCrop crop, long seed) {
    /** Leaves images as they are. */
    public static final Augmentation NONE = new Augmentation(0, false, 0);

    private static final int STREAM = Philox.streamOf("augmentation");
    private static final int DRAWS = 3;

    public Augmentation {
        if (shift < 0) {
            throw new InvalidInputException("the augmentation's shift must not be negative, got " + shift);
        }
    }

    /** Without crops. */
    public Augmentation(int shift, boolean flip, long seed) {
        this(shift, flip, null, seed);
    }

    /** The same, of a random part of each image. */
    public Augmentation withCrop(RandomResizedCrop other, long otherSeed) {
        return new Augmentation(shift, flip, other, otherSeed);
    }

    /** What happens to one image: it moves down by {@code dy}, right by {@code dx}, and is then mirrored or not. */
    record Motion(int dy, int dx, boolean mirrored) {}

    Motion motion(int epoch, int image) {
        Philox random = new Philox(seed, STREAM, epoch);
        long draw = (long) image * DRAWS;
        int span = 2 * shift + 1;
        return new Motion(
                random.below(span, draw) - shift,
                random.below(span, draw + 1) - shift,
                flip && random.below(2, draw + 2) == 1);
    }

    RandomResizedCrop.@Nullable Draw crop(int epoch, int image) {
        return crop == null ? null : crop.draw(seed, epoch, image);
    }
}
