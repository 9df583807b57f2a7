package org.blockrecurrent.vit.image;

import org.blockrecurrent.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** A file that is no picture, not a whole one, or one that cannot be read to the pixels that Pillow would read. */
public final class InvalidPictureException extends InvalidInputException {
    private static final long serialVersionUID = 1L;
    private static final String DAMAGED = "the file is damaged or incomplete: get it again";

    private InvalidPictureException(String file, String why, String remedy, @Nullable Throwable cause) {
        super(file + ": " + why + "; " + remedy, cause);
    }

    static InvalidPictureException damaged(String file, String why) {
        return new InvalidPictureException(file, why, DAMAGED, null);
    }

    static InvalidPictureException damaged(String file, String why, Throwable cause) {
        return new InvalidPictureException(file, why, DAMAGED, cause);
    }

    static InvalidPictureException unsupported(String file, String why) {
        return new InvalidPictureException(file, why, "convert it to PNG", null);
    }

    static InvalidPictureException unreadable(String file, String why, @Nullable Throwable cause) {
        return new InvalidPictureException(
                file, "cannot be read (" + why + ")", "check the path and its permissions", cause);
    }

    static InvalidPictureException tooLarge(String file, long height, long width) {
        return new InvalidPictureException(
                file,
                "claims " + height + " x " + width + " pixels, more than the " + Picture.MOST_PIXELS
                        + " that are allowed",
                "scale it down first",
                null);
    }
}
