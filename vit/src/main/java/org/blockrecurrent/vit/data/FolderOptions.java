package org.blockrecurrent.vit.data;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.image.Preprocessing;

/**
 * How a folder of pictures is taken.
 *
 * @param preprocessing what becomes of a picture where it is not cropped at random
 * @param testShare the share of the pictures to test on, in (0, 1)
 * @param splitSeed which pictures these are
 * @param strict whether a picture that cannot be read is an error; else it is left out and reported
 */
public record FolderOptions(Preprocessing preprocessing, double testShare, long splitSeed, boolean strict) {
    private static final int SIDE = 224;
    private static final double TEST_SHARE = 0.2;

    public FolderOptions {
        if (!(testShare > 0 && testShare < 1)) {
            throw new InvalidInputException(
                    "the share of pictures to test on must lie between 0 and 1, got " + testShare);
        }
    }

    /** DINOv2's preprocessing at 224 pixels, a fifth of the pictures to test on, unreadable ones left out. */
    public static FolderOptions standard() {
        return new FolderOptions(Preprocessing.dinov2(SIDE), TEST_SHARE, 0, false);
    }

    /** The same with another preprocessing. */
    public FolderOptions with(Preprocessing other) {
        return new FolderOptions(other, testShare, splitSeed, strict);
    }

    /** What is done, in one line. */
    @Override
    public String toString() {
        return "a share of " + testShare + " for testing, by seed " + splitSeed + "; " + preprocessing;
    }
}
