package org.blockrecurrent.vit.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the binary versions of CIFAR-10 and CIFAR-100. A file is nothing but records, without a header:
 *
 * <pre>
 *   CIFAR-10    label (0 … 9), 1024 red, 1024 green, 1024 blue levels
 *   CIFAR-100   coarse label (0 … 19), fine label (0 … 99), the same
 * </pre>
 *
 * Source: Krizhevsky, <i>Learning Multiple Layers of Features from Tiny Images</i>, 2009, and the page of the data.
 */
final class CifarReader {
    /** Side of an image in pixels. */
    static final int SIDE = 32;

    static final int CHANNELS = 3;

    private static final int IMAGE_BYTES = CHANNELS * SIDE * SIDE;
    private static final int COARSE_CLASSES = 20;
    private static final String FETCH_AGAIN = "the file is damaged or of another set: get it again";

    private CifarReader() {}

    /** Files of a set read into one: count · 3 · 32 · 32 levels and count labels. */
    record Images(byte[] pixels, byte[] labels) {}

    /**
     * Reads files one after another.
     *
     * @param classes 10, or 100 for records with a coarse label before the fine one
     */
    static Images read(List<Path> files, int classes) {
        int labelBytes = classes == 100 ? 2 : 1;
        long records = 0;
        for (Path file : files) {
            records += records(file, labelBytes + IMAGE_BYTES);
        }
        if (records * IMAGE_BYTES > Integer.MAX_VALUE - 16L) {
            throw invalid(files.get(0), records + " images are more than CIFAR has", null);
        }
        Images images = new Images(new byte[(int) records * IMAGE_BYTES], new byte[(int) records]);
        int at = 0;
        for (Path file : files) {
            at = read(file, classes, labelBytes, images, at);
        }
        return images;
    }

    private static long records(Path file, int recordBytes) {
        try {
            long size = Files.size(file);
            if (size == 0) {
                throw invalid(file, "an empty data set: 0 bytes", null);
            }
            if (size % recordBytes != 0) {
                throw invalid(
                        file,
                        size + " bytes are no whole number of records of " + recordBytes + " bytes ("
                                + size % recordBytes + " too many)",
                        null);
            }
            return size / recordBytes;
        } catch (IOException e) {
            throw invalid(file, "cannot be read (" + e + ")", e);
        }
    }

    private static int read(Path file, int classes, int labelBytes, Images into, int at) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] label = new byte[labelBytes];
            for (int record = 0; in.readNBytes(label, 0, labelBytes) > 0; record++, at++) {
                requireLabel(file, record, label[labelBytes - 1] & 0xFF, classes, "label");
                if (labelBytes == 2) {
                    requireLabel(file, record, label[0] & 0xFF, COARSE_CLASSES, "coarse label");
                }
                boolean fits = at < into.labels.length
                        && in.readNBytes(into.pixels, at * IMAGE_BYTES, IMAGE_BYTES) == IMAGE_BYTES;
                if (!fits) {
                    throw invalid(file, "changed its size while it was read", null);
                }
                into.labels[at] = label[labelBytes - 1];
            }
            return at;
        } catch (IOException e) {
            throw invalid(file, "cannot be read (" + e + ")", e);
        }
    }

    private static void requireLabel(Path file, int record, int label, int classes, String what) {
        if (label >= classes) {
            throw invalid(file, what + " " + label + " of record " + record + " is not in 0 … " + (classes - 1), null);
        }
    }

    private static InvalidCifarException invalid(Path file, String why, @Nullable IOException cause) {
        return new InvalidCifarException(file.toString(), why, FETCH_AGAIN, cause);
    }
}
