package org.blockrecurrent.vit.image;

import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Arrays;

/** Takes the samples out of what the JDK's decoder makes, in the order (row, column, band). */
final class Samples {
    private static final int[] BLUE_GREEN_RED = {2, 1, 0};

    private Samples() {}

    /** Samples of 8 bits. The raster is used up: where its array can serve, it does. */
    static byte[] bytes(Raster raster) {
        int bands = raster.getNumBands();
        if (isPlain(raster)) {
            byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
            if (isInOrder(offsets(raster))) {
                return samples;
            }
            if (Arrays.equals(offsets(raster), BLUE_GREEN_RED)) {
                exchangeRedAndBlue(samples);
                return samples;
            }
        }
        int[] pixel = new int[bands];
        byte[] samples = new byte[raster.getHeight() * raster.getWidth() * bands];
        for (int i = 0; i < samples.length; i++) {
            if (i % bands == 0) {
                int at = i / bands;
                raster.getPixel(
                        raster.getMinX() + at % raster.getWidth(), raster.getMinY() + at / raster.getWidth(), pixel);
            }
            samples[i] = (byte) pixel[i % bands];
        }
        return samples;
    }

    /** True if the raster's array holds its samples and nothing else, pixel after pixel. */
    private static boolean isPlain(Raster raster) {
        int bands = raster.getNumBands();
        return raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte data
                && model.getPixelStride() == bands
                && model.getScanlineStride() == bands * raster.getWidth()
                && data.getData().length == raster.getHeight() * raster.getWidth() * bands
                && data.getOffset() == 0;
    }

    private static int[] offsets(Raster raster) {
        return ((PixelInterleavedSampleModel) raster.getSampleModel()).getBandOffsets();
    }

    private static boolean isInOrder(int[] offsets) {
        for (int band = 0; band < offsets.length; band++) {
            if (offsets[band] != band) {
                return false;
            }
        }
        return true;
    }

    private static void exchangeRedAndBlue(byte[] samples) {
        for (int i = 0; i < samples.length; i += 3) {
            byte blue = samples[i];
            samples[i] = samples[i + 2];
            samples[i + 2] = blue;
        }
    }
}
