package org.blockrecurrent.vit.image;

/**
 * Reads PNG files to the pixels that Pillow's {@code convert("RGB")} gives: grey repeated, palettes looked up, alpha
 * dropped without blending, 16-bit colours cut to their high byte, and 16-bit grey clipped at 255, odd as that is.
 *
 * <p>PNG is unpacked here and not by the JDK, whose decoder passes over damage at the end of the data and says of all
 * other damage the same.
 */
final class PngDecoder {
    /** Of each of Adam7's passes: first row, first column, and the steps between rows and columns. */
    private static final int[][] INTERLACED = {
        {0, 0, 8, 8}, {0, 4, 8, 8}, {4, 0, 8, 4}, {0, 2, 4, 4}, {2, 0, 4, 2}, {0, 1, 2, 2}, {1, 0, 2, 1}
    };

    /** The deflate format packs no more than this into a byte. */
    private static final long MOST_UNPACKED = 1032;

    private static final int[][] PLAIN = {{0, 0, 1, 1}};

    private final PngFile file;
    private final PngRows rows;
    private final byte[] rgb;

    private PngDecoder(PngFile file, PngRows rows) {
        this.file = file;
        this.rows = rows;
        rgb = new byte[file.height() * file.width() * Picture.COLOURS];
    }

    static Picture decode(String name, byte[] bytes) {
        PngFile file = PngFile.parse(name, bytes);
        long bits = (long) file.height() * file.width() * file.colour().samples() * file.depth();
        if (bits / 8 > MOST_UNPACKED * file.data().length) {
            throw InvalidPictureException.damaged(name, "is cut off: it has too little data for its size");
        }
        try (PngRows rows = new PngRows(name, file.data())) {
            PngDecoder decoder = new PngDecoder(file, rows);
            for (int[] pass : file.interlaced() ? INTERLACED : PLAIN) {
                decoder.pass(pass[0], pass[1], pass[2], pass[3]);
            }
            rows.finish();
            return new Picture(file.height(), file.width(), Picture.COLOURS, decoder.rgb);
        }
    }

    /** Reads every {@code down}-th row and {@code right}-th column, if there are any. */
    private void pass(int top, int left, int down, int right) {
        int width = (file.width() - left + right - 1) / right;
        if (width <= 0) {
            return;
        }
        int pixelBits = file.colour().samples() * file.depth();
        byte[] above = new byte[Math.toIntExact(((long) width * pixelBits + 7) / 8)];
        byte[] row = new byte[above.length];
        for (int y = top; y < file.height(); y += down) {
            rows.next(row, above, Math.max(1, pixelBits / 8));
            place(row, width, (y * file.width() + left) * Picture.COLOURS, right * Picture.COLOURS);
            byte[] previous = above;
            above = row;
            row = previous;
        }
    }

    /** Writes the pixels of a row to the picture, from {@code to} on, {@code step} bytes from each to the next. */
    private void place(byte[] row, int width, int to, int step) {
        int samples = file.colour().samples();
        for (int x = 0; x < width; x++, to += step) {
            switch (file.colour()) {
                case GREY -> fill(to, grey(sample(row, x)));
                case PALETTE -> fillFromPalette(to, sample(row, x));
                case GREY_ALPHA -> fill(to, high(row, x * samples));
                case RGB, RGB_ALPHA -> {
                    for (int channel = 0; channel < Picture.COLOURS; channel++) {
                        rgb[to + channel] = (byte) high(row, x * samples + channel);
                    }
                }
            }
        }
    }

    private void fill(int to, int level) {
        for (int channel = 0; channel < Picture.COLOURS; channel++) {
            rgb[to + channel] = (byte) level;
        }
    }

    private void fillFromPalette(int to, int index) {
        for (int channel = 0; channel < Picture.COLOURS; channel++) {
            rgb[to + channel] = (byte) colour(file.palette(), index, channel);
        }
    }

    private int grey(int sample) {
        return file.depth() == 16 ? Math.min(sample, 255) : sample * 255 / ((1 << file.depth()) - 1);
    }

    /** The high byte of a sample of 8 or 16 bits. */
    private int high(byte[] row, int index) {
        return row[index * file.depth() / 8] & 0xFF;
    }

    /** A sample of any depth, where a pixel has one. */
    private int sample(byte[] row, int x) {
        int depth = file.depth();
        if (depth == 16) {
            return (row[2 * x] & 0xFF) << 8 | row[2 * x + 1] & 0xFF;
        }
        int bit = x * depth;
        return (row[bit >> 3] & 0xFF) >> 8 - depth - (bit & 7) & (1 << depth) - 1;
    }

    /** A colour of a palette; one beyond its end is black. */
    static int colour(byte[] palette, int index, int channel) {
        int at = 3 * index + channel;
        return at < palette.length ? palette[at] & 0xFF : 0;
    }
}
