package org.blockrecurrent.vit.image;

/** The colours of JPEG samples in libjpeg's 16-bit fixed point, and of inks as Pillow converts them. */
final class JpegSamples {
    private static final int SCALE_BITS = 16;
    private static final int HALF = 1 << (SCALE_BITS - 1);
    private static final int CENTRE = 128;
    private static final int CR_RED = fixed(1.402);
    private static final int CB_BLUE = fixed(1.772);
    private static final int CR_GREEN = fixed(0.71414);
    private static final int CB_GREEN = fixed(0.34414);

    private JpegSamples() {}

    /**
     * A picture of samples that a decoder has made: grey (1 band), red, green, blue (3) or inks (4).
     *
     * @param samples (row, column, band); taken over
     */
    static Picture picture(int height, int width, byte[] samples) {
        int bands = samples.length / (height * width);
        return switch (bands) {
            case 1 -> new Picture(height, width, 1, samples).coloured();
            case 3 -> new Picture(height, width, Picture.COLOURS, samples);
            default -> new Picture(height, width, Picture.COLOURS, ofInks(samples));
        };
    }

    /** Samples as a file has them, in place to grey, red, green, blue, or inks. */
    static void convert(JpegColours colours, byte[] samples) {
        switch (colours) {
            case YCC -> toRgb(samples, 3);
            case YCCK -> toInks(samples);
            default -> {}
        }
    }

    /** Luma and chroma in place to red, green, blue; a fourth band is passed over. */
    private static void toRgb(byte[] samples, int bands) {
        for (int i = 0; i < samples.length; i += bands) {
            int y = samples[i] & 0xFF;
            int cb = (samples[i + 1] & 0xFF) - CENTRE;
            int cr = (samples[i + 2] & 0xFF) - CENTRE;
            samples[i] = level(y + (CR_RED * cr + HALF >> SCALE_BITS));
            samples[i + 1] = level(y + (-CB_GREEN * cb - CR_GREEN * cr + HALF >> SCALE_BITS));
            samples[i + 2] = level(y + (CB_BLUE * cb + HALF >> SCALE_BITS));
        }
    }

    /** Luma, chroma and black in place to inks: the complement of red, green, blue, and black as it is. */
    private static void toInks(byte[] samples) {
        toRgb(samples, 4);
        for (int i = 0; i < samples.length; i += 4) {
            for (int band = 0; band < 3; band++) {
                samples[i + band] = (byte) (255 - (samples[i + band] & 0xFF));
            }
        }
    }

    /** Inks are stored inverted: 255 is none. Pillow's rounded product v·n/255. */
    private static byte[] ofInks(byte[] inks) {
        byte[] rgb = new byte[inks.length / 4 * 3];
        for (int pixel = 0; pixel < inks.length / 4; pixel++) {
            int light = inks[4 * pixel + 3] & 0xFF;
            for (int band = 0; band < 3; band++) {
                int product = (255 - (inks[4 * pixel + band] & 0xFF)) * light + CENTRE;
                rgb[3 * pixel + band] = level(light - (product + (product >> 8) >> 8));
            }
        }
        return rgb;
    }

    private static int fixed(double x) {
        return (int) (x * (1 << SCALE_BITS) + 0.5);
    }

    private static byte level(int x) {
        return (byte) Math.max(0, Math.min(255, x));
    }
}
