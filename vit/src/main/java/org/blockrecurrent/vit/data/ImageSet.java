package org.blockrecurrent.vit.data;

import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * Labelled images of one size, in memory as bytes. Immutable.
 *
 * <p>Pixels are in the order (image, channel, row, column).
 */
public final class ImageSet {
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
    public ImageSet(
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

    private ImageSet(
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
    public ImageSet first(int images) {
        if (images < 1 || images > count) {
            throw new InvalidInputException(name + " has " + count + " images, " + images + " were asked for");
        }
        return new ImageSet(name, images, channels, height, width, classNames, pixels, labels);
    }

    /** What the set is called in messages. */
    public String name() {
        return name;
    }

    /** Number of images. */
    public int count() {
        return count;
    }

    public int channels() {
        return channels;
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    /** K. */
    public int classes() {
        return classNames.size();
    }

    /** A name for each class, in the order of the labels. */
    public List<String> classNames() {
        return classNames;
    }

    /** Class of an image, 0 … K−1. */
    public int label(int image) {
        return labels[image] & 0xFF;
    }

    /** A pixel, 0 … 255. */
    public int pixel(int image, int channel, int row, int column) {
        return pixels[((image * channels + channel) * height + row) * width + column] & 0xFF;
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
