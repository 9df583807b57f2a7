package org.blockrecurrent.vit.image;

import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * How pixels become floats: {@code (pixel/255 − mean) / std}, per channel, each step rounded to a float as torchvision's
 * ToTensor and Normalize do. Stored with every model that was trained so.
 *
 * @param mean of each channel, in 0 … 1
 * @param std standard deviation of each channel
 */
public record Normalization(List<Float> mean, List<Float> std) {
    /** Of ImageNet's training pictures, as torchvision has it: DINOv2, DeiT. */
    public static final Normalization IMAGENET =
            new Normalization(List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));
    /** To −1 … 1: augreg ViTs, SigLIP. */
    public static final Normalization HALF = new Normalization(List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));
    /** Of the pictures that CLIP was trained on. */
    public static final Normalization CLIP = new Normalization(
            List.of(0.48145466f, 0.4578275f, 0.40821073f), List.of(0.26862954f, 0.26130258f, 0.27577711f));

    private static final int LEVELS = 256;

    public Normalization {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() || mean.size() != std.size() || std.stream().anyMatch(s -> !(s > 0))) {
            throw new InvalidInputException(
                    "normalization needs a mean and a positive std for each channel, got " + mean + " and " + std);
        }
    }

    public int channels() {
        return mean.size();
    }

    /** What each of the 256 levels of a channel becomes. */
    public float[] levels(int channel) {
        float[] values = new float[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            values[level] = (level / 255f - mean.get(channel)) / std.get(channel);
        }
        return values;
    }
}
