package org.blockrecurrent.vit.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Reads the first picture of a GIF file, its transparency dropped. It must fill the whole screen that the file declares:
 * what shows beside it is for each program to decide.
 */
final class GifDecoder {
    private static final int SCREEN = 6;
    private static final int BLOCKS = 13;
    private static final int EXTENSION = 0x21;
    private static final int IMAGE = 0x2C;
    private static final int HAS_PALETTE = 0x80;
    private static final int INTERLACED = 0x40;
    /** First row and step of each pass over an interlaced picture. */
    private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

    private static final int[][] PLAIN = {{0, 1}};

    private final String file;
    private final byte[] bytes;
    private int at = BLOCKS;
    private byte[] palette = new byte[0];

    private GifDecoder(String file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    static Picture decode(String file, byte[] bytes) {
        try {
            return new GifDecoder(file, bytes).decode();
        } catch (IndexOutOfBoundsException e) {
            throw InvalidPictureException.damaged(file, "a GIF that is cut off before its pixels", e);
        }
    }

    private Picture decode() {
        int width = word(SCREEN);
        int height = word(SCREEN + 2);
        PictureReader.requireSize(file, height, width);
        readPalette(bytes[SCREEN + 4]);
        passExtensions();
        boolean fills = word(at + 1) == 0 && word(at + 3) == 0 && word(at + 5) == width && word(at + 7) == height;
        if (!fills) {
            throw InvalidPictureException.unsupported(file, "a GIF whose first picture does not fill its screen");
        }
        int packed = bytes[at + 9];
        at += 10;
        readPalette(packed);
        if (palette.length == 0) {
            throw InvalidPictureException.unsupported(file, "a GIF without a palette");
        }
        int pixelBits = bytes[at++];
        byte[] pixels = GifPixels.unpack(file, subBlocks(), pixelBits, height * width);
        return picture(height, width, pixels, (packed & INTERLACED) != 0 ? PASSES : PLAIN);
    }

    private Picture picture(int height, int width, byte[] pixels, int[][] passes) {
        byte[] rgb = new byte[pixels.length * Picture.COLOURS];
        int pixel = 0;
        for (int[] pass : passes) {
            for (int row = pass[0]; row < height; row += pass[1]) {
                int to = row * width * Picture.COLOURS;
                for (int x = 0; x < width; x++, pixel++) {
                    for (int channel = 0; channel < Picture.COLOURS; channel++) {
                        rgb[to++] = (byte) PngDecoder.colour(palette, pixels[pixel] & 0xFF, channel);
                    }
                }
            }
        }
        return new Picture(height, width, Picture.COLOURS, rgb);
    }

    private void passExtensions() {
        while (bytes[at] == EXTENSION) {
            at += 2;
            while (bytes[at] != 0) {
                at += 1 + (bytes[at] & 0xFF);
            }
            at++;
        }
        if (bytes[at] != IMAGE) {
            throw InvalidPictureException.damaged(file, "a GIF without a picture");
        }
    }

    private void readPalette(int packed) {
        if ((packed & HAS_PALETTE) != 0) {
            int size = 3 << (packed & 7) + 1;
            if (size > bytes.length - at) {
                throw InvalidPictureException.damaged(file, "a GIF that is cut off in its palette");
            }
            palette = Arrays.copyOfRange(bytes, at, at + size);
            at += size;
        }
    }

    /** What the sub-blocks hold, up to the empty one or the end of the file. */
    private byte[] subBlocks() {
        ByteArrayOutputStream data = new ByteArrayOutputStream(bytes.length - at);
        while (at < bytes.length && bytes[at] != 0) {
            int length = Math.min(bytes[at] & 0xFF, bytes.length - at - 1);
            data.write(bytes, at + 1, length);
            at += 1 + length;
        }
        return data.toByteArray();
    }

    private int word(int offset) {
        return bytes[offset] & 0xFF | (bytes[offset + 1] & 0xFF) << 8;
    }
}
