package org.blockrecurrent.vit.image;

/**
 * Unpacks the pixels of a GIF picture by LZW: a code stands for a run of pixels, which is a run known before and one
 * pixel more. Codes begin with one bit more than pixels have and grow to 12 bits; the first two codes beyond the pixels
 * mean "forget all runs" and "the end".
 */
final class GifPixels {
    private static final int LONGEST = 12;
    private static final int MOST_CODES = 1 << LONGEST;
    /** No byte holds more than four codes, and no run is longer than there are codes. */
    private static final long MOST_UNPACKED = 4L * MOST_CODES;

    private final String file;
    private final byte[] packed;
    private final int clear;
    /** Of each run: the run before its last pixel, its last pixel, its length. */
    private final int[] prefix = new int[MOST_CODES];

    private final byte[] last = new byte[MOST_CODES];
    private final int[] length = new int[MOST_CODES];
    private int bit;

    private GifPixels(String file, byte[] packed, int pixelBits) {
        this.file = file;
        this.packed = packed;
        clear = 1 << pixelBits;
        for (int pixel = 0; pixel < clear; pixel++) {
            last[pixel] = (byte) pixel;
            length[pixel] = 1;
        }
    }

    /** {@code count} palette indices, in the order of the file. */
    static byte[] unpack(String file, byte[] packed, int pixelBits, int count) {
        if (pixelBits < 1 || pixelBits > 8) {
            throw InvalidPictureException.damaged(file, "a GIF with pixels of " + pixelBits + " bits");
        }
        if (count > MOST_UNPACKED * packed.length) {
            throw InvalidPictureException.damaged(file, "is cut off: it has too little data for its size");
        }
        return new GifPixels(file, packed, pixelBits).unpack(count);
    }

    private byte[] unpack(int count) {
        byte[] pixels = new byte[count];
        int bits = Integer.numberOfTrailingZeros(clear) + 1;
        int next = clear + 2;
        int previous = -1;
        for (int at = 0; at < count; ) {
            int code = read(bits, at, count);
            if (code == clear) {
                bits = Integer.numberOfTrailingZeros(clear) + 1;
                next = clear + 2;
                previous = -1;
                continue;
            }
            boolean known = code < clear || code > clear + 1 && (code < next || code == next && previous >= 0);
            if (!known || previous < 0 && code >= clear) {
                throw InvalidPictureException.damaged(
                        file, "has the impossible code " + code + " after " + at + " pixels");
            }
            if (previous >= 0 && next < MOST_CODES) {
                learn(next, previous, code == next ? previous : code);
                next++;
                bits = next == 1 << bits && bits < LONGEST ? bits + 1 : bits;
            }
            at = write(pixels, at, code);
            previous = code;
        }
        return pixels;
    }

    /** The run of {@code previous} and the first pixel of {@code following}. */
    private void learn(int code, int previous, int following) {
        int first = following;
        while (length[first] > 1) {
            first = prefix[first];
        }
        prefix[code] = previous;
        last[code] = last[first];
        length[code] = length[previous] + 1;
    }

    /** Writes a run backwards, cut off at the end of the picture; returns where the next one begins. */
    private int write(byte[] pixels, int at, int code) {
        int end = at + length[code];
        for (int i = end - 1, run = code; i >= at; i--, run = prefix[run]) {
            if (i < pixels.length) {
                pixels[i] = last[run];
            }
        }
        return end;
    }

    private int read(int bits, int done, int count) {
        if (bit + bits > packed.length * 8L) {
            throw InvalidPictureException.damaged(file, "is cut off after " + done + " of " + count + " pixels");
        }
        int code = 0;
        for (int i = 0; i < bits; i++, bit++) {
            code |= (packed[bit >> 3] >> (bit & 7) & 1) << i;
        }
        if (code == clear + 1) {
            throw InvalidPictureException.damaged(file, "ends after " + done + " of " + count + " pixels");
        }
        return code;
    }
}
