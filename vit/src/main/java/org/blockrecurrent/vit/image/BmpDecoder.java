package org.blockrecurrent.vit.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads uncompressed BMP files of 1, 4, 8 (palette), 24 and 32 bits a pixel; alpha is dropped. */
final class BmpDecoder {
    private static final int FILE_HEADER = 14;
    private static final int SHORTEST_HEADER = 40;
    private static final int COLOUR_BYTES = 4;

    private final String file;
    private final ByteBuffer bytes;

    private BmpDecoder(String file, byte[] contents) {
        this.file = file;
        bytes = ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN);
    }

    static Picture decode(String file, byte[] contents) {
        try {
            return new BmpDecoder(file, contents).decode();
        } catch (IndexOutOfBoundsException e) {
            throw InvalidPictureException.damaged(file, "a BMP that is cut off", e);
        }
    }

    private Picture decode() {
        int headerBytes = bytes.getInt(FILE_HEADER);
        if (headerBytes < SHORTEST_HEADER) {
            throw InvalidPictureException.unsupported(
                    file, "a BMP of an old kind, with a header of " + headerBytes + " bytes");
        }
        int width = bytes.getInt(18);
        int signedHeight = bytes.getInt(22);
        int height = Math.abs(signedHeight);
        int depth = bytes.getShort(28);
        requireReadable(height, width, depth, bytes.getInt(30));
        byte[] palette = depth <= 8 ? palette(FILE_HEADER + headerBytes) : new byte[0];
        byte[] rgb = new byte[height * width * Picture.COLOURS];
        long rowBytes = ((long) width * depth + 31) / 32 * 4;
        for (int y = 0, to = 0; y < height; y++) {
            // Rows are stored from the bottom up unless the height is negative.
            int stored = signedHeight > 0 ? height - 1 - y : y;
            long from = bytes.getInt(10) + stored * rowBytes;
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < Picture.COLOURS; channel++) {
                    rgb[to++] = depth <= 8
                            ? (byte) PngDecoder.colour(palette, index(from, x, depth), channel)
                            : at(from + x * (depth / 8L) + 2 - channel);
                }
            }
        }
        return new Picture(height, width, Picture.COLOURS, rgb);
    }

    private void requireReadable(int height, int width, int depth, int compression) {
        PictureReader.requireSize(file, height, width);
        boolean plain = compression == 0 && (depth == 1 || depth == 4 || depth == 8 || depth == 24 || depth == 32);
        if (!plain) {
            throw InvalidPictureException.unsupported(
                    file, "a BMP of a rare kind (" + depth + " bits a pixel, compression " + compression + ")");
        }
        if ((long) height * width * depth / 8 > bytes.capacity()) {
            throw InvalidPictureException.damaged(file, "a BMP that is cut off");
        }
    }

    private byte at(long offset) {
        return bytes.get(Math.toIntExact(Math.min(offset, bytes.capacity())));
    }

    private int index(long row, int x, int depth) {
        int bit = x * depth;
        return (at(row + (bit >> 3)) & 0xFF) >> 8 - depth - (bit & 7) & (1 << depth) - 1;
    }

    /** Red, green, blue of each colour; the file has blue, green, red, 0. */
    private byte[] palette(int from) {
        int colours = Math.max(0, bytes.getInt(10) - from) / COLOUR_BYTES;
        if (colours > 256) {
            throw InvalidPictureException.damaged(file, "a BMP with a palette of " + colours + " colours");
        }
        byte[] palette = new byte[3 * colours];
        for (int i = 0; i < palette.length; i++) {
            palette[i] = bytes.get(from + COLOUR_BYTES * (i / 3) + 2 - i % 3);
        }
        return palette;
    }
}
