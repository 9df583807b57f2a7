package org.blockrecurrent.raptor.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.FormatException;

/**
 * How large a store will be, before anything is computed. Of 32-bit floats about a tenth compresses away, of rounded ones more
 * than half; what is reckoned with is the size before compression, which a store can not exceed by more than a thousandth.
 *
 * @param images number of images
 * @param depths L + 1
 * @param tokens N
 * @param embedDim D
 */
public record StoreSize(long images, int depths, int tokens, int embedDim) {
    private static final double GROWTH = 1.001;
    private static final double KILO = 1000;
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    /** Bytes before compression. */
    public double bytes() {
        return (double) images * depths * tokens * embedDim * Float.BYTES;
    }

    /** Throws unless the disk of a folder has room for the share of the store that is still to be written. */
    public void requireSpace(Path folder, double share) {
        Path existing = folder.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            double free = Files.getFileStore(existing).getUsableSpace();
            double needed = share * GROWTH * bytes();
            if (needed > free) {
                throw new InvalidInputException(folder + ": the store needs up to " + text(needed) + ", the disk has "
                        + text(free) + " left; choose another disk, fewer images, or no store: a training computes the "
                        + "teacher's states on the fly");
            }
        } catch (IOException e) {
            throw FormatException.unreadable(existing, e);
        }
    }

    /** {@code 13.35 TB}. */
    public static String text(double bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= KILO && unit < UNITS.length - 1) {
            value /= KILO;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.2f %s", value, UNITS[unit]);
    }

    /** {@code 1281167 images x 13 states x 261 tokens x 768 channels x 4 bytes = 13.35 TB}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d images x %d states x %d tokens x %d channels x 4 bytes = %s",
                images,
                depths,
                tokens,
                embedDim,
                text(bytes()));
    }
}
