package org.blockrecurrent.vit.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.image.Filter;
import org.blockrecurrent.vit.image.Normalization;
import org.blockrecurrent.vit.image.Picture;
import org.blockrecurrent.vit.image.RandomResizedCrop;
import org.blockrecurrent.vit.image.Resampler;
import org.jspecify.annotations.Nullable;

/**
 * Labelled images of one size, in memory as bytes. Immutable.
 *
 * <p>Pixels are in the order (image, channel, row, column).
 */
public final class ByteImages implements ImageSet {
    private static final int LEVELS = 256;

    private final String name;
    private final int count;
    private final int channels;
    private final int height;
    private final int width;
    private final List<String> classNames;
    private final byte[] pixels;
    private final byte[] labels;

    /**
     * An image for each label. The arrays are not copied: hand them over.
     *
     * @param pixels count · channels · height · width bytes, each 0 … 255
     * @param labels count bytes, each 0 … classes−1
     */
    public ByteImages(
            String name, int channels, int height, int width, List<String> classNames, byte[] pixels, byte[] labels) {
        this(name, labels.length, channels, height, width, classNames, pixels, labels);
        long expected = (long) labels.length * channels * height * width;
        if (labels.length == 0) {
            throw new InvalidInputException(name + " holds no images; give a data set that has some");
        }
        if (pixels.length != expected) {
            throw new InvalidInputException(
                    name + ": " + labels.length + " images of " + channels + " x " + height + " x " + width + " need "
                            + expected + " pixels, got " + pixels.length + "; use the images and labels of one set");
        }
        requireLabels();
    }

    private ByteImages(
            String name,
            int count,
            int channels,
            int height,
            int width,
            List<String> classNames,
            byte[] pixels,
            byte[] labels) {
        this.name = name;
        this.count = count;
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.classNames = List.copyOf(classNames);
        this.pixels = pixels;
        this.labels = labels;
    }

    /** The first {@code images} of this set, sharing its memory. */
    @Override
    public ByteImages first(int images) {
        if (images < 1 || images > count) {
            throw new InvalidInputException(name + " has " + count + " images, " + images + " were asked for");
        }
        return new ByteImages(name, images, channels, height, width, classNames, pixels, labels);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public int label(int image) {
        return labels[image] & 0xFF;
    }

    @Override
    public boolean isOnDisk() {
        return false;
    }

    /** A pixel, 0 … 255. */
    public int pixel(int image, int channel, int row, int column) {
        return pixels[((image * channels + channel) * height + row) * width + column] & 0xFF;
    }

    @Override
    public boolean read(int image, RandomResizedCrop.@Nullable Draw crop, byte[] levels) {
        int plane = height * width;
        System.arraycopy(pixels, image * channels * plane, levels, 0, channels * plane);
        for (int channel = 0; crop != null && channel < channels; channel++) {
            byte[] grey = Arrays.copyOfRange(levels, channel * plane, (channel + 1) * plane);
            Picture part = new Picture(height, width, 1, grey).crop(crop.in(height, width));
            byte[] resized =
                    Resampler.resize(part, height, width, Filter.BICUBIC).toBytes();
            System.arraycopy(resized, 0, levels, channel * plane, plane);
        }
        return true;
    }

    /** Mean and standard deviation of each channel over all pixels of all images; exact, from counts of each level. */
    @Override
    public Normalization normalization() {
        List<Float> mean = new ArrayList<>();
        List<Float> std = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            long[] histogram = histogram(channel);
            double n = (double) count * height * width;
            double first = 0;
            double second = 0;
            for (int level = 0; level < LEVELS; level++) {
                first += histogram[level] * level / (255.0 * n);
                second += histogram[level] * (level / 255.0) * (level / 255.0) / n;
            }
            mean.add((float) first);
            std.add((float) Math.sqrt(second - first * first));
        }
        return new Normalization(mean, std);
    }

    private long[] histogram(int channel) {
        long[] histogram = new long[LEVELS];
        for (int image = 0; image < count; image++) {
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    histogram[pixel(image, channel, row, column)]++;
                }
            }
        }
        return histogram;
    }

    private void requireLabels() {
        for (int image = 0; image < count; image++) {
            if (label(image) >= classes()) {
                throw new InvalidInputException(name + ": label " + label(image) + " of image " + image
                        + " is not in 0 … " + (classes() - 1) + "; use labels of a set with " + classes() + " classes");
            }
        }
    }

    @Override
    public String toString() {
        return name + ": " + count + " images of " + channels + " x " + height + " x " + width + ", " + classes()
                + " classes";
    }
}
