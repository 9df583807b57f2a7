package org.blockrecurrent.vit.image;

import java.util.Arrays;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * A picture in memory: 8-bit levels, height × width × channels, one channel for grey and three for red, green, blue.
 * Immutable; levels are in the order (row, column, channel), as Pillow and PNG have them.
 */
public final class Picture {
    /** Red, green, blue. */
    public static final int COLOURS = 3;
    /** The largest picture that is read or made: Pillow's limit against files that unpack to more than memory. */
    public static final int MOST_PIXELS = 178_956_970;

    private final int height;
    private final int width;
    private final int channels;
    private final byte[] levels;

    /**
     * The array is not copied: hand it over.
     *
     * @param levels height · width · channels bytes, each 0 … 255
     */
    public Picture(int height, int width, int channels, byte[] levels) {
        boolean fits = height > 0
                && width > 0
                && (channels == 1 || channels == COLOURS)
                && levels.length == (long) height * width * channels;
        if (!fits) {
            throw new InvalidInputException("a picture of " + height + " x " + width + " x " + channels
                    + " cannot have " + levels.length + " levels; it has one channel or three");
        }
        this.height = height;
        this.width = width;
        this.channels = channels;
        this.levels = levels;
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    public int channels() {
        return channels;
    }

    /** A level, 0 … 255. */
    public int level(int row, int column, int channel) {
        return levels[(row * width + column) * channels + channel] & 0xFF;
    }

    /** True if a picture of this size may be made. */
    static boolean isAllowed(long height, long width) {
        return height > 0 && width > 0 && height <= MOST_PIXELS / width;
    }

    /** All levels, copied. */
    public byte[] toBytes() {
        return levels.clone();
    }

    /** All levels as they are; nobody may change them. */
    byte[] levels() {
        return levels;
    }

    /** A rectangle of this picture, copied. */
    public Picture crop(Window window) {
        window.requireInside(height, width);
        int run = window.width() * channels;
        byte[] part = new byte[window.height() * run];
        for (int row = 0; row < window.height(); row++) {
            int from = ((window.top() + row) * width + window.left()) * channels;
            System.arraycopy(levels, from, part, row * run, run);
        }
        return new Picture(window.height(), window.width(), channels, part);
    }

    /** Three channels: grey is repeated. */
    public Picture coloured() {
        if (channels == COLOURS) {
            return this;
        }
        byte[] rgb = new byte[levels.length * COLOURS];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = levels[i / COLOURS];
        }
        return new Picture(height, width, COLOURS, rgb);
    }

    /** The levels in the order (channel, row, column), as models and image sets have them. */
    public void writePlanes(byte[] target) {
        int pixels = height * width;
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < pixels; i++) {
                target[channel * pixels + i] = levels[i * channels + channel];
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture that
                && height == that.height
                && width == that.width
                && channels == that.channels
                && Arrays.equals(levels, that.levels);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(levels);
    }

    @Override
    public String toString() {
        return "picture of " + height + " x " + width + " x " + channels;
    }
}
