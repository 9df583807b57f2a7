package org.blockrecurrent.vit.image;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks the rows of a PNG file one after another. Each begins with the number of a filter, which predicts every byte
 * from a (to its left, in the pixel before), b (above it) and c (above a):
 *
 * <pre>
 *   0  nothing     1  a     2  b     3  (a + b)/2     4  whichever of a, b, c is nearest to a + b − c
 * </pre>
 */
final class PngRows implements AutoCloseable {
    private final String file;
    private final Inflater inflater = new Inflater();
    private int number;

    PngRows(String file, byte[] packed) {
        this.file = file;
        inflater.setInput(packed);
    }

    /**
     * Unpacks the next row.
     *
     * @param above the row above it; zeros above the first
     * @param pixelBytes bytes of a pixel, at least 1
     */
    void next(byte[] row, byte[] above, int pixelBytes) {
        byte[] filter = new byte[1];
        unpack(filter);
        unpack(row);
        number++;
        switch (filter[0]) {
            case 0 -> {}
            case 1 -> addLeft(row, pixelBytes);
            case 2 -> addAbove(row, above);
            case 3 -> addMean(row, above, pixelBytes);
            case 4 -> addNearest(row, above, pixelBytes);
            default -> throw damaged("row " + number + " has the unknown filter " + (filter[0] & 0xFF));
        }
    }

    /** After the last row: checks the checksum of all that was unpacked, if the data ends there. */
    void finish() {
        try {
            int more = inflater.inflate(new byte[1]);
            if (more == 0 && !inflater.finished() && !inflater.needsInput()) {
                throw damaged("has data that cannot be unpacked after the last row");
            }
        } catch (DataFormatException e) {
            throw InvalidPictureException.damaged(file, "its unpacked data is wrong (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public void close() {
        inflater.end();
    }

    private void unpack(byte[] target) {
        try {
            for (int at = 0; at < target.length; ) {
                int n = inflater.inflate(target, at, target.length - at);
                at += n;
                if (n == 0) {
                    throw damaged("is cut off in row " + (number + 1));
                }
            }
        } catch (DataFormatException e) {
            throw InvalidPictureException.damaged(
                    file, "row " + (number + 1) + " cannot be unpacked (" + e.getMessage() + ")", e);
        }
    }

    private InvalidPictureException damaged(String why) {
        return InvalidPictureException.damaged(file, why);
    }

    private static void addLeft(byte[] row, int step) {
        for (int i = step; i < row.length; i++) {
            row[i] += row[i - step];
        }
    }

    private static void addAbove(byte[] row, byte[] above) {
        for (int i = 0; i < row.length; i++) {
            row[i] += above[i];
        }
    }

    private static void addMean(byte[] row, byte[] above, int step) {
        for (int i = 0; i < row.length; i++) {
            int left = i < step ? 0 : row[i - step] & 0xFF;
            row[i] += (byte) (left + (above[i] & 0xFF) >> 1);
        }
    }

    private static void addNearest(byte[] row, byte[] above, int step) {
        for (int i = 0; i < row.length; i++) {
            int a = i < step ? 0 : row[i - step] & 0xFF;
            int b = above[i] & 0xFF;
            int c = i < step ? 0 : above[i - step] & 0xFF;
            int toA = Math.abs(b - c);
            int toB = Math.abs(a - c);
            int toC = Math.abs(a + b - 2 * c);
            int nearest = toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
            row[i] += (byte) nearest;
        }
    }
}
