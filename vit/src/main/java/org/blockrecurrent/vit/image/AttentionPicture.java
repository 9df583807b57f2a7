package org.blockrecurrent.vit.image;

import java.util.Arrays;
import java.util.Locale;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * Where the heads of an attention look: the weights that one token, such as cls, gives to the patches, as colours from
 * dark (the least weight in the picture) to light (the most), for each head and for their mean.
 */
public final class AttentionPicture {
    private static final ColourMap COLOURS = ColourMap.INFERNO;
    private static final int IN_A_ROW = 4;

    private final int heads;
    private final int gridHeight;
    private final int gridWidth;
    private final float[] weights;
    private final double patchShare;

    private AttentionPicture(int heads, int gridHeight, int gridWidth, float[] weights, double patchShare) {
        this.heads = heads;
        this.gridHeight = gridHeight;
        this.gridWidth = gridWidth;
        this.weights = weights;
        this.patchShare = patchShare;
    }

    /**
     * Of one image and one query token.
     *
     * @param weights after the softmax (heads, N), row-major; the patches are the last gridHeight · gridWidth of the N
     *     tokens, whatever comes before them (cls, registers) is left out
     */
    public static AttentionPicture of(float[] weights, int heads, int gridHeight, int gridWidth) {
        int patches = Math.multiplyExact(gridHeight, gridWidth);
        if (heads < 1 || patches < 1 || weights.length % heads != 0 || weights.length / heads < patches) {
            throw new InvalidInputException(weights.length + " weights are not those of " + heads + " heads over "
                    + gridHeight + " x " + gridWidth + " patches or more tokens; give (heads, N)");
        }
        int N = weights.length / heads;
        float[] ofPatches = new float[heads * patches];
        for (int head = 0; head < heads; head++) {
            System.arraycopy(weights, head * N + N - patches, ofPatches, head * patches, patches);
        }
        return new AttentionPicture(heads, gridHeight, gridWidth, ofPatches, sum(ofPatches) / sum(weights));
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    public int heads() {
        return heads;
    }

    /** One head (from 0), at a size of its own; {@link Filter#NEAREST} keeps patches apart, {@link Filter#BILINEAR} blends. */
    public Picture head(int head, int height, int width, Filter filter) {
        if (head < 0 || head >= heads) {
            throw new InvalidInputException("there is no head " + head + " among " + heads);
        }
        int patches = gridHeight * gridWidth;
        return coloured(Arrays.copyOfRange(weights, head * patches, (head + 1) * patches), height, width, filter);
    }

    /** The mean over the heads. */
    public Picture mean(int height, int width, Filter filter) {
        return coloured(meanWeights(), height, width, filter);
    }

    /** The original, the mean and every head on one sheet, with captions. */
    public Picture sheet(String title, Picture original, Filter filter) {
        int height = original.height();
        int width = original.width();
        ContactSheet sheet = new ContactSheet(title, height).row();
        sheet.add(original, "original").add(mean(height, width, filter), "mean, " + range(meanWeights()));
        for (int head = 0; head < heads; head++) {
            if (head % IN_A_ROW == 0) {
                sheet.row();
            }
            int patches = gridHeight * gridWidth;
            float[] ofHead = Arrays.copyOfRange(weights, head * patches, (head + 1) * patches);
            sheet.add(head(head, height, width, filter), "head " + (head + 1) + ", " + range(ofHead));
        }
        return sheet.scale(COLOURS, "least", "most weight on a patch, in each picture by itself")
                .legend(String.format(
                        Locale.ROOT,
                        "%.1f %% of all weight lies on patches, the rest on cls and registers",
                        100 * patchShare))
                .picture();
    }

    private float[] meanWeights() {
        int patches = gridHeight * gridWidth;
        float[] mean = new float[patches];
        for (int i = 0; i < patches; i++) {
            double sum = 0;
            for (int head = 0; head < heads; head++) {
                sum += weights[head * patches + i];
            }
            mean[i] = (float) (sum / heads);
        }
        return mean;
    }

    private static String range(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "%.2f to %.2f %%", 100 * sorted[0], 100 * sorted[sorted.length - 1]);
    }

    /** 256 steps between the least and the largest value, resized as such, and then coloured. */
    private Picture coloured(float[] values, int height, int width, Filter filter) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        float low = sorted[0];
        float span = sorted[sorted.length - 1] - low;
        byte[] steps = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            steps[i] = (byte) Math.rint(span > 0 ? 255 * (values[i] - low) / span : 0);
        }
        Picture grey = Resampler.resize(new Picture(gridHeight, gridWidth, 1, steps), height, width, filter);
        byte[] rgb = new byte[height * width * Picture.COLOURS];
        for (int i = 0; i < height * width; i++) {
            int colour = COLOURS.of((grey.levels()[i] & 0xFF) / 255.0);
            rgb[3 * i] = (byte) (colour >> 16);
            rgb[3 * i + 1] = (byte) (colour >> 8);
            rgb[3 * i + 2] = (byte) colour;
        }
        return new Picture(height, width, Picture.COLOURS, rgb);
    }
}
