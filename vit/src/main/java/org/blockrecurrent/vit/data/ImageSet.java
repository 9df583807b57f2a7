package org.blockrecurrent.vit.data;

import java.util.List;
import org.blockrecurrent.vit.image.Normalization;
import org.blockrecurrent.vit.image.RandomResizedCrop;
import org.jspecify.annotations.Nullable;

/**
 * Labelled images that are all given at one size: bytes in memory ({@link ByteImages}), or pictures that stay on disk
 * ({@link PictureFiles}). Immutable; may be read by several threads.
 */
public interface ImageSet {
    /** What the set is called in messages. */
    String name();

    /** Number of images. */
    int count();

    int channels();

    int height();

    int width();

    /** A name for each class, in the order of the labels. */
    List<String> classNames();

    /** Class of an image, 0 … K−1. */
    int label(int image);

    /** What a new model should be fed with: the statistics of these images, or those of the preprocessing. */
    Normalization normalization();

    /** Whether reading an image takes long enough to be done ahead, by several threads. */
    boolean isOnDisk();

    /**
     * Writes the levels of an image, each 0 … 255, in the order (channel, row, column).
     *
     * @param crop the random part of the image to show, at the size of the whole; null for the image as it is
     * @param levels channels · height · width bytes
     * @return false if the image cannot be read and is to be left out; {@link #skipped} then says why
     */
    boolean read(int image, RandomResizedCrop.@Nullable Draw crop, byte[] levels);

    /** A smaller set that favours no class: the first images, or where they are sorted by class, evenly spaced ones. */
    ImageSet first(int images);

    /** What could not be read so far and was left out, a line for each file, sorted; empty for images in memory. */
    default List<String> skipped() {
        return List.of();
    }

    /** K. */
    default int classes() {
        return classNames().size();
    }

    /** Levels of an image. */
    default int levels() {
        return channels() * height() * width();
    }
}
