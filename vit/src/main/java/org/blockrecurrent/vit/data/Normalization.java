package org.blockrecurrent.vit.data;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * How pixels become floats: {@code (pixel/255 − mean) / std}, per channel. Taken from the training images, and stored
 * with every model that was trained on them.
 *
 * @param mean of each channel, in 0 … 1
 * @param std standard deviation of each channel over all pixels of all images
 */
public record Normalization(List<Float> mean, List<Float> std) {
    private static final int LEVELS = 256;

    public Normalization {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() || mean.size() != std.size() || std.stream().anyMatch(s -> !(s > 0))) {
            throw new InvalidInputException(
                    "normalization needs a mean and a positive std for each channel, got " + mean + " and " + std);
        }
    }

    /** Mean and standard deviation of a set; exact, from counts of each level. */
    public static Normalization of(ImageSet set) {
        List<Float> mean = new ArrayList<>();
        List<Float> std = new ArrayList<>();
        for (int channel = 0; channel < set.channels(); channel++) {
            long[] histogram = histogram(set, channel);
            double n = (double) set.count() * set.height() * set.width();
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

    public int channels() {
        return mean.size();
    }

    /** What each of the 256 levels of a channel becomes. */
    float[] levels(int channel) {
        float[] values = new float[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            values[level] = (level / 255f - mean.get(channel)) / std.get(channel);
        }
        return values;
    }

    private static long[] histogram(ImageSet set, int channel) {
        long[] histogram = new long[LEVELS];
        for (int image = 0; image < set.count(); image++) {
            for (int row = 0; row < set.height(); row++) {
                for (int column = 0; column < set.width(); column++) {
                    histogram[set.pixel(image, channel, row, column)]++;
                }
            }
        }
        return histogram;
    }
}
