package org.blockrecurrent.vit.image;

import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;

/**
 * Reads JPEG files to the pixels that Pillow reads.
 *
 * <p>The JDK's decoder does the same arithmetic as Pillow's libjpeg-turbo, once it is kept from three things that Pillow
 * does not do: applying ICC profiles, guessing colours by rules of its own, and going on after the end of a file that is
 * cut off. What remains is {@link VerticalChroma}.
 *
 * <p>A file whose damage the decoder notices is refused, also where Pillow would go on with whatever comes out. Damage
 * that breaks no rule of the format nobody can notice; sums that overflow then end differently in an older libjpeg, and
 * with them some pixels (of 1,500 files damaged at random, 27 on Temurin 25 and none on Debian's JDK 17).
 *
 * <p>A progressive file takes the JDK several times as long as another: it draws the picture anew for each scan.
 */
final class JpegDecoder {
    private JpegDecoder() {}

    static Picture decode(String name, byte[] bytes) {
        JpegFile file = JpegFile.parse(name, bytes);
        byte[] rewritten = file.rewritten();
        try {
            boolean raw = file.colours() == JpegColours.CMYK
                    || file.colours() == JpegColours.YCCK
                    || VerticalChroma.isNeededFor(file);
            JdkJpeg decoded = raw ? JdkJpeg.readRaw(rewritten) : JdkJpeg.read(rewritten);
            byte[] samples = Samples.bytes(accepted(name, decoded));
            if (raw) {
                VerticalChroma.smooth(file, samples);
                JpegSamples.convert(file.colours(), samples);
            }
            return JpegSamples.picture(file.height(), file.width(), samples);
        } catch (IOException e) {
            throw InvalidPictureException.damaged(name, "the JPEG decoder says: " + e.getMessage(), e);
        }
    }

    /** The samples, unless the decoder found something wrong on its way. */
    private static Raster accepted(String name, JdkJpeg decoded) {
        List<String> warnings = decoded.warnings();
        if (!warnings.isEmpty()) {
            throw InvalidPictureException.damaged(name, "the JPEG decoder says: " + warnings.get(0));
        }
        return decoded.samples();
    }
}
