package org.blockrecurrent.vit.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * What patch features are alike, as colours: each patch is drawn in the red, green and blue of its scores along the three
 * leading principal components of all patches. Patches of several images share their components, so that equal colours
 * mean the same in all of them.
 *
 * <pre>
 *   level = 255 · (score − low) / (high − low)        low, high: the 1st and 99th percentile, beyond which it is clipped
 * </pre>
 *
 * <p>Optionally only the foreground is coloured, and fitted anew: the patches on one side of the first component, between
 * the two groups that Otsu's threshold separates best; the side with the smaller share of patches at the edge of its
 * image. The rest is black.
 *
 * <p>Source: Oquab et al., <i>DINOv2</i>, 2023, figure 1, which leaves threshold and side to the eye; ours are fixed.
 */
public final class PcaPicture {
    private static final int COMPONENTS = 3;
    private static final double LOW = 0.01;
    private static final double HIGH = 0.99;
    private static final int IN_A_ROW = 6;

    private final int images;
    private final int gridHeight;
    private final int gridWidth;
    private final boolean[] shown;
    private final double[] shares;
    private final byte[] colours;

    private PcaPicture(int images, int gridHeight, int gridWidth, boolean[] shown, double[] shares, byte[] colours) {
        this.images = images;
        this.gridHeight = gridHeight;
        this.gridWidth = gridWidth;
        this.shown = shown;
        this.shares = shares;
        this.colours = colours;
    }

    /**
     * Of all patches.
     *
     * @param patches features of B · gridHeight · gridWidth patches (B, N, D), row-major, without cls and registers
     * @param images B
     */
    public static PcaPicture of(float[] patches, int images, int gridHeight, int gridWidth) {
        int rows = requireRows(patches, images, gridHeight, gridWidth);
        boolean[] all = new boolean[rows];
        Arrays.fill(all, true);
        return fit(patches, images, gridHeight, gridWidth, all);
    }

    /** Of the foreground; the arguments are those of {@link #of}. */
    public static PcaPicture ofForeground(float[] patches, int images, int gridHeight, int gridWidth) {
        int rows = requireRows(patches, images, gridHeight, gridWidth);
        int D = patches.length / rows;
        boolean[] all = new boolean[rows];
        Arrays.fill(all, true);
        PrincipalComponents first = PrincipalComponents.of(patches, D, all, 1);
        double[] scores = new double[rows];
        Arrays.setAll(scores, row -> first.score(patches, row, 0));
        boolean[] foreground = Foreground.of(scores, gridHeight, gridWidth);
        return fit(patches, images, gridHeight, gridWidth, foreground);
    }

    private static int requireRows(float[] patches, int images, int gridHeight, int gridWidth) {
        int rows = Math.multiplyExact(images, Math.multiplyExact(gridHeight, gridWidth));
        if (rows < 1 || patches.length % rows != 0 || patches.length / rows < COMPONENTS) {
            throw new InvalidInputException(patches.length + " features are not those of " + images + " images of "
                    + gridHeight + " x " + gridWidth
                    + " patches with three features or more; give (B, N, D) without the "
                    + "cls token and registers");
        }
        return rows;
    }

    private static PcaPicture fit(float[] patches, int images, int gridHeight, int gridWidth, boolean[] shown) {
        int D = patches.length / shown.length;
        PrincipalComponents components = PrincipalComponents.of(patches, D, shown, COMPONENTS);
        byte[] colours = new byte[shown.length * Picture.COLOURS];
        for (int component = 0; component < COMPONENTS; component++) {
            double[] scores = new double[shown.length];
            for (int row = 0; row < scores.length; row++) {
                scores[row] = components.score(patches, row, component);
            }
            double[] sorted = sorted(scores, shown);
            double low = sorted[(int) (LOW * (sorted.length - 1))];
            double high = sorted[(int) Math.ceil(HIGH * (sorted.length - 1))];
            for (int row = 0; row < scores.length; row++) {
                double share = high > low ? (scores[row] - low) / (high - low) : 0.5;
                int level = (int) Math.rint(255 * Math.max(0, Math.min(1, share)));
                colours[row * Picture.COLOURS + component] = (byte) (shown[row] ? level : 0);
            }
        }
        return new PcaPicture(images, gridHeight, gridWidth, shown, components.shares(), colours);
    }

    private static double[] sorted(double[] scores, boolean[] used) {
        double[] kept = new double[scores.length];
        int n = 0;
        for (int row = 0; row < scores.length; row++) {
            if (used[row]) {
                kept[n++] = scores[row];
            }
        }
        double[] sorted = Arrays.copyOf(kept, n);
        Arrays.sort(sorted);
        return sorted;
    }

    /** The shares of the variance of the shown patches that red, green and blue stand for. */
    public double[] varianceShares() {
        return shares.clone();
    }

    /** Whether a patch is drawn; all are, unless this is a picture of the foreground. */
    public boolean isShown(int image, int row, int column) {
        return shown[(image * gridHeight + row) * gridWidth + column];
    }

    /** One image, a pixel for each patch: (gridHeight, gridWidth, 3). */
    public Picture grid(int image) {
        if (image < 0 || image >= images) {
            throw new InvalidInputException("there is no image " + image + " among " + images);
        }
        int size = gridHeight * gridWidth * Picture.COLOURS;
        return new Picture(
                gridHeight, gridWidth, Picture.COLOURS, Arrays.copyOfRange(colours, image * size, (image + 1) * size));
    }

    /** One image at a size of its own; {@link Filter#NEAREST} keeps the patches apart, {@link Filter#BILINEAR} blends them. */
    public Picture picture(int image, int height, int width, Filter filter) {
        return Resampler.resize(grid(image), height, width, filter);
    }

    /**
     * The originals and below each its patches in colours, with captions, at the size of the originals.
     *
     * @param originals one for each image
     * @param captions one for each image, in ASCII
     */
    public Picture sheet(String title, List<Picture> originals, List<String> captions, Filter filter) {
        if (originals.size() != images || captions.size() != images) {
            throw new InvalidInputException(images + " images need as many originals and captions, got "
                    + originals.size() + " and " + captions.size());
        }
        ContactSheet sheet = new ContactSheet(title, originals.get(0).height());
        for (int from = 0; from < images; from += IN_A_ROW) {
            int to = Math.min(images, from + IN_A_ROW);
            sheet.row();
            for (int image = from; image < to; image++) {
                sheet.add(originals.get(image), captions.get(image));
            }
            sheet.row();
            for (int image = from; image < to; image++) {
                Picture original = originals.get(image);
                sheet.add(picture(image, original.height(), original.width(), filter), "");
            }
        }
        return sheet.legend(String.format(
                        Locale.ROOT,
                        "red, green, blue: principal components 1, 2, 3 (%.0f, %.0f, %.0f %% of the variance)",
                        100 * shares[0],
                        100 * shares[1],
                        100 * shares[2]))
                .picture();
    }
}
