package org.blockrecurrent.vit.image;

import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The JDK's own JPEG decoder. It is asked for by class, because any plug-in on the class path may register another for
 * the same format, with other pixels.
 *
 * @param samples before any conversion to screen colours
 * @param warnings what the decoder found wrong and passed over
 */
record JdkJpeg(Raster samples, List<String> warnings) {
    private static final String PROVIDER = "com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi";

    /** Reads grey as it is, and luma and chroma converted to red, green, blue. */
    static JdkJpeg read(byte[] file) throws IOException {
        return decode(file, reader -> reader.read(0).getRaster());
    }

    /** Reads the samples in the colours of the file. */
    static JdkJpeg readRaw(byte[] file) throws IOException {
        return decode(file, reader -> reader.readRaster(0, null));
    }

    private interface Step {
        Raster of(ImageReader reader) throws IOException;
    }

    private static JdkJpeg decode(byte[] file, Step step) throws IOException {
        ImageReader reader = provider().createReaderInstance();
        try {
            List<String> warnings = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            reader.setInput(new ByteInput(file), true, true);
            return new JdkJpeg(step.of(reader), warnings);
        } catch (RuntimeException e) {
            // On some malformed files it fails by an index out of bounds, or the like.
            throw new IOException(e.toString(), e);
        } finally {
            reader.dispose();
        }
    }

    private static ImageReaderSpi provider() {
        Iterator<ImageReaderSpi> all =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (all.hasNext()) {
            ImageReaderSpi candidate = all.next();
            if (candidate.getClass().getName().equals(PROVIDER)) {
                return candidate;
            }
        }
        throw new IllegalStateException(
                "this JVM has no JPEG decoder (" + PROVIDER + "): run on a JDK with the module java.desktop");
    }
}
