package org.blockrecurrent.vit.image;

import java.util.Arrays;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * Resizes pictures as Pillow 13 does, to the last bit: two passes, along the rows and along the columns, with weights in
 * 22-bit fixed point and levels rounded to 8 bits in between ({@link Taps}). Resampling in floats, as {@code java.awt} and
 * torchvision's tensor path do, gives other levels.
 *
 * <p>Which pass is first decides how levels are rounded. Pillow 13 goes along the columns first where that takes more
 * rows away than twice the columns that the other pass takes away; older ones always go along the rows first, and differ
 * by a level here and there in pictures that are far taller than wide.
 *
 * <p>Only the wanted part of the result is computed: a crop of a resized picture costs what the crop costs, even where
 * the whole would be larger than memory.
 *
 * <p>Source of the rules: Pillow's {@code Resample.c} (MIT-CMU licence), and its behaviour.
 */
public final class Resampler {
    private static final int HALF = 1 << (Taps.BITS - 1);

    private Resampler() {}

    /** A picture of another size. */
    public static Picture resize(Picture source, int height, int width, Filter filter) {
        return resize(source, height, width, filter, Window.whole(height, width));
    }

    /** A part of the picture that {@link #resize(Picture, int, int, Filter)} would make. */
    public static Picture resize(Picture source, int height, int width, Filter filter, Window part) {
        part.requireInside(height, width);
        Taps rows = Taps.of(filter, source.height(), height, part.top(), part.height());
        Taps columns = Taps.of(filter, source.width(), width, part.left(), part.width());
        Window needed = new Window(rows.start(), columns.start(), rows.extent(), columns.extent());
        requireAllowed(source, part, needed);
        Picture picture = source.crop(needed);
        boolean columnsFirst =
                height < source.height() && 2L * (source.width() - width) < (long) source.height() - height;
        if (columnsFirst) {
            return alongRows(alongColumns(picture, rows), columns);
        }
        return alongColumns(alongRows(picture, columns), rows);
    }

    /** Resized in proportion until the shorter side has {@code side} pixels; the longer one is truncated. */
    public static Picture resizeShorterSide(Picture source, int side, Filter filter) {
        int shorter = Math.min(source.height(), source.width());
        int height = scaled(source.height(), side, shorter);
        return resize(source, height, scaled(source.width(), side, shorter), filter);
    }

    /** The length of a side after the shorter one has become {@code to}. */
    static int scaled(int side, int to, int shorter) {
        long scaled = (long) to * side / shorter;
        if (scaled > Integer.MAX_VALUE) {
            throw new InvalidInputException("a picture with sides of " + shorter + " and " + side
                    + " pixels is too long to be resized to a shorter side of " + to + "; cut it into pieces");
        }
        return (int) scaled;
    }

    private static void requireAllowed(Picture source, Window part, Window needed) {
        long most = Math.max((long) needed.height() * part.width(), (long) part.height() * needed.width());
        if (!Picture.isAllowed(most, 1) || !Picture.isAllowed(part.height(), part.width())) {
            throw new InvalidInputException("resizing a " + source + " to get " + part + " needs more than "
                    + Picture.MOST_PIXELS + " pixels; choose a smaller size");
        }
    }

    /** (rows, source columns) → (rows, target columns). */
    private static Picture alongRows(Picture source, Taps taps) {
        if (taps.areIdentity()) {
            return source;
        }
        int channels = source.channels();
        int width = taps.first().length;
        byte[] target = new byte[source.height() * width * channels];
        for (int row = 0; row < source.height(); row++) {
            // Taps count from the picture's first column, the source begins with the first that is needed.
            int from = (row * source.width() - taps.start()) * channels;
            if (channels == Picture.COLOURS) {
                colouredRow(source.levels(), from, target, row * width * channels, taps);
            } else {
                greyRow(source.levels(), from, target, row * width, taps);
            }
        }
        return new Picture(source.height(), width, channels, target);
    }

    private static void colouredRow(byte[] source, int from, byte[] target, int to, Taps taps) {
        for (int i = 0; i < taps.first().length; i++) {
            int at = from + taps.first()[i] * 3;
            int weight = i * taps.stride();
            int end = weight + taps.count()[i];
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            for (; weight < end; weight++, at += 3) {
                int w = taps.weights()[weight];
                red += (source[at] & 0xFF) * w;
                green += (source[at + 1] & 0xFF) * w;
                blue += (source[at + 2] & 0xFF) * w;
            }
            target[to++] = level(red);
            target[to++] = level(green);
            target[to++] = level(blue);
        }
    }

    private static void greyRow(byte[] source, int from, byte[] target, int to, Taps taps) {
        for (int i = 0; i < taps.first().length; i++) {
            int at = from + taps.first()[i];
            int sum = HALF;
            for (int tap = 0; tap < taps.count()[i]; tap++) {
                sum += (source[at + tap] & 0xFF) * taps.weights()[i * taps.stride() + tap];
            }
            target[to++] = level(sum);
        }
    }

    /** (source rows, columns) → (target rows, columns): each row is a weighted sum of rows. */
    private static Picture alongColumns(Picture source, Taps taps) {
        if (taps.areIdentity()) {
            return source;
        }
        int run = source.width() * source.channels();
        int height = taps.first().length;
        byte[] target = new byte[height * run];
        int[] sums = new int[run];
        for (int row = 0; row < height; row++) {
            Arrays.fill(sums, HALF);
            for (int tap = 0; tap < taps.count()[row]; tap++) {
                int from = (taps.first()[row] - taps.start() + tap) * run;
                addRow(sums, source.levels(), from, taps.weights()[row * taps.stride() + tap]);
            }
            for (int i = 0; i < run; i++) {
                target[row * run + i] = level(sums[i]);
            }
        }
        return new Picture(height, source.width(), source.channels(), target);
    }

    private static void addRow(int[] sums, byte[] source, int from, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (source[from + i] & 0xFF) * weight;
        }
    }

    private static byte level(int sum) {
        return (byte) Math.max(0, Math.min(255, sum >> Taps.BITS));
    }
}
