package org.blockrecurrent.vit.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads picture files to the very pixels of Pillow's {@code Image.open(file).convert("RGB")}: PNG, JPEG, GIF (the first
 * picture) and BMP, told by their first bytes. ICC profiles, gamma and the orientation in EXIF are not applied, alpha is
 * dropped: Pillow does the same, and models were trained so.
 *
 * <p>A file is refused with an {@link InvalidPictureException} if it is damaged or cut off, if it would unpack to more
 * than {@value Picture#MOST_PIXELS} pixels (told from its header, before any memory is set aside), or if its pixels could
 * differ from Pillow's. May be called by several threads.
 */
public final class PictureReader {
    private static final int LARGEST_FILE = 1 << 28;

    private PictureReader() {}

    /** Reads a file. */
    public static Picture read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw InvalidPictureException.unreadable(
                        file.toString(), Files.exists(file) ? "not a regular file" : "it is not there", null);
            }
            long size = Files.size(file);
            if (size > LARGEST_FILE) {
                throw InvalidPictureException.unreadable(
                        file.toString(), size + " bytes are more than the " + LARGEST_FILE + " of a picture", null);
            }
            return decode(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw InvalidPictureException.unreadable(file.toString(), e.toString(), e);
        }
    }

    /** Throws an exception unless a file may claim this size; called before memory is set aside for it. */
    static void requireSize(String file, int height, int width) {
        if (height <= 0 || width <= 0) {
            throw InvalidPictureException.damaged(file, "has a size of " + height + " x " + width);
        }
        if (!Picture.isAllowed(height, width)) {
            throw InvalidPictureException.tooLarge(file, height, width);
        }
    }

    /**
     * Reads a file that is in memory.
     *
     * @param name what messages call it
     */
    public static Picture decode(String name, byte[] bytes) {
        Optional<PictureFormat> format = PictureFormat.of(bytes);
        if (format.isEmpty()) {
            throw InvalidPictureException.damaged(name, bytes.length == 0 ? "is empty" : "is not a picture");
        }
        return switch (format.get()) {
            case PNG -> PngDecoder.decode(name, bytes);
            case JPEG -> JpegDecoder.decode(name, bytes);
            case GIF -> GifDecoder.decode(name, bytes);
            case BMP -> BmpDecoder.decode(name, bytes);
            default ->
                throw InvalidPictureException.unsupported(
                        name, "unsupported format " + format.get().title());
        };
    }
}
