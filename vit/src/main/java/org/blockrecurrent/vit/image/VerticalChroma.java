package org.blockrecurrent.vit.image;

import java.io.IOException;
import java.util.Base64;

/**
 * JPEG files with half as many rows of chroma and all of its columns (4:4:0, a 4:2:2 picture that was turned). A newer
 * libjpeg draws the missing rows smoothly, an older one repeats each row; Pillow does the former, and JDKs differ in which
 * they carry. This JVM's way is found out once, by a picture that shows it; where rows are repeated, half of them are the
 * file's own, and the smooth ones are computed here:
 *
 * <pre>
 *   row 2i   = (3·s[i] + s[i−1] + 1) / 4
 *   row 2i+1 = (3·s[i] + s[i+1] + 2) / 4        s[−1] = s[0]; the last row likewise
 * </pre>
 */
final class VerticalChroma {
    /** 8 x 16 pixels, 4:4:0; the chroma of the upper half differs from that of the lower. */
    private static final String PROBE = "/9j/2wBDAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"
            + "CAgICAgICAgICAgICAj/wAARCAAQAAgDARIAAhEAAxEA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/E"
            + "ABUQAQEAAAAAAAAAAAAAAAAAAAAW/9oADAMBAAIAAwAAPwAFkP/Z";

    private static final boolean SMOOTH = isSmoothHere();

    private VerticalChroma() {}

    /** Whether this JVM's decoder would make other pixels of the file than Pillow does. */
    static boolean isNeededFor(JpegFile file) {
        return !SMOOTH && file.components().stream().anyMatch(component -> isHalved(file, component));
    }

    /** Draws the missing rows, in place, where this JVM's decoder has repeated rows; (row, column, component). */
    static void smooth(JpegFile file, byte[] samples) {
        int bands = file.components().size();
        for (int band = 0; band < bands; band++) {
            if (!SMOOTH && isHalved(file, file.components().get(band))) {
                smooth(samples, file.height(), file.width(), bands, band);
            }
        }
    }

    private static boolean isHalved(JpegFile file, JpegFile.Component component) {
        return component.horizontal() == file.mostHorizontal() && 2 * component.vertical() == file.mostVertical();
    }

    private static void smooth(byte[] samples, int height, int width, int bands, int band) {
        int rows = (height + 1) / 2;
        byte[] stored = new byte[rows * width];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = samples[((i / width) * 2 * width + i % width) * bands + band];
        }
        for (int row = 0; row < height; row++) {
            int near = row / 2;
            boolean upper = row % 2 == 0;
            int far = upper ? Math.max(0, near - 1) : Math.min(rows - 1, near + 1);
            for (int column = 0; column < width; column++) {
                int sum = 3 * (stored[near * width + column] & 0xFF) + (stored[far * width + column] & 0xFF);
                samples[(row * width + column) * bands + band] = (byte) (sum + (upper ? 1 : 2) >> 2);
            }
        }
    }

    private static boolean isSmoothHere() {
        byte[] file = Base64.getDecoder().decode(PROBE);
        JpegFile probe = JpegFile.parse("the built-in 4:4:0 picture", file);
        try {
            byte[] samples = Samples.bytes(JdkJpeg.readRaw(probe.rewritten()).samples());
            // Rows 6 and 7 of the first chroma component come from one stored row.
            int row = probe.width() * 3;
            return samples[6 * row + 1] != samples[7 * row + 1];
        } catch (IOException e) {
            throw new IllegalStateException("this JVM's JPEG decoder cannot read a picture of 8 x 16 pixels", e);
        }
    }
}
