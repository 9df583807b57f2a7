package org.blockrecurrent.vit;

import java.util.Map;
import java.util.TreeMap;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * How a library resamples a table of positions for another grid of patches: bicubically, row by row and column by column,
 * with weights that differ by far more than rounding from library to library.
 *
 * <pre>
 *   plain        four taps at (i + ½)·step − ½, kernel a = −¾, taps outside take the edge;  step = n/m
 *   offset       the same with step = n/(m + offset): the official DINOv2 code without registers, offset 0.1
 *   antialiased  kernel a = −½, max(step, 1) times as wide, weights outside left out and the others scaled to sum 1
 *   aligned      step = (n − 1)/(m − 1), for four taps at i·step: an option of timm's
 * </pre>
 *
 * <p>n and m are the sides of table and grid. A table whose grid is the wanted one is used as it is. The libraries compute the
 * weights in float; here they are double, and only the result is rounded, which stays within their rounding.
 *
 * <p>Sources: PyTorch's {@code upsample_bicubic2d} and its antialiased form; {@code interpolate_pos_encoding} of
 * facebookresearch/dinov2 and of transformers; {@code resample_abs_pos_embed} of timm 1.0.
 */
public record PositionRule(double offset, boolean antialias, boolean alignCorners) {
    /** torch.hub's DINOv2 without registers. */
    public static final PositionRule OFFSET = new PositionRule(0.1, false, false);
    /** Hugging Face, all but DINOv2 with registers. */
    public static final PositionRule BICUBIC = new PositionRule(0, false, false);
    /** timm, and DINOv2 with registers of torch.hub and Hugging Face. */
    public static final PositionRule ANTIALIASED = new PositionRule(0, true, false);

    private static final Map<String, PositionRule> BY_NAME = new TreeMap<>(Map.of(
            "hub", OFFSET,
            "hub_reg", ANTIALIASED,
            "hf", BICUBIC,
            "hf_reg", ANTIALIASED,
            "timm", ANTIALIASED,
            "timm_no_antialias", BICUBIC,
            "timm_align_corners", new PositionRule(0, true, true),
            "timm_align_corners_no_antialias", new PositionRule(0, false, true)));

    public PositionRule {
        if (!(offset >= 0 && offset < 1)) {
            throw new InvalidInputException("position rule: the offset must be in [0, 1), got " + offset);
        }
    }

    /** By the library that has it: {@code hub}, {@code hub_reg}, {@code hf}, {@code hf_reg}, {@code timm} and timm's options. */
    public static PositionRule named(String name) {
        PositionRule rule = BY_NAME.get(name);
        if (rule == null) {
            throw new InvalidInputException("no position rule is called '" + name + "'; there are " + BY_NAME.keySet());
        }
        return rule;
    }

    /**
     * {@code (prefix + fromRows·fromColumns, D) → (prefix + rows·columns, D)}: the first rows of the table belong to tokens
     * that are no patches, and are copied.
     */
    public double[] resample(double[] table, int prefix, int D, int fromRows, int fromColumns, int rows, int columns) {
        double[][] down = weights(fromRows, rows);
        double[][] across = weights(fromColumns, columns);
        double[] between = new double[rows * fromColumns * D];
        for (int i = 0; i < rows; i++) {
            for (int from = 0; from < fromRows; from++) {
                add(
                        between,
                        i * fromColumns * D,
                        down[i][from],
                        table,
                        (prefix + from * fromColumns) * D,
                        fromColumns * D);
            }
        }
        double[] resampled = new double[(prefix + rows * columns) * D];
        System.arraycopy(table, 0, resampled, 0, prefix * D);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int to = (prefix + i * columns + j) * D;
                for (int from = 0; from < fromColumns; from++) {
                    add(resampled, to, across[j][from], between, (i * fromColumns + from) * D, D);
                }
            }
        }
        return resampled;
    }

    private static void add(double[] y, int y0, double weight, double[] x, int x0, int n) {
        for (int d = 0; weight != 0 && d < n; d++) {
            y[y0 + d] += weight * x[x0 + d];
        }
    }

    /** {@code (m, n)}: what each of n rows of the table counts for each of m rows of the grid. */
    private double[][] weights(int n, int m) {
        double step = alignCorners ? (m > 1 ? (n - 1.0) / (m - 1) : 0) : n / (m + offset);
        double[][] weights = new double[m][n];
        for (int i = 0; i < m; i++) {
            if (antialias) {
                antialiased(weights[i], i, step);
            } else {
                fourTaps(weights[i], alignCorners ? i * step : (i + 0.5) * step - 0.5);
            }
        }
        return weights;
    }

    private static void fourTaps(double[] weights, double centre) {
        int base = (int) Math.floor(centre);
        for (int tap = base - 1; tap <= base + 2; tap++) {
            weights[Math.min(Math.max(tap, 0), weights.length - 1)] += cubic(centre - tap, -0.75);
        }
    }

    private static void antialiased(double[] weights, int i, double step) {
        double width = Math.max(step, 1);
        double centre = (i + 0.5) * step;
        int from = Math.max((int) (centre - 2 * width + 0.5), 0);
        int to = Math.min((int) (centre + 2 * width + 0.5), weights.length);
        double sum = 0;
        for (int tap = from; tap < to; tap++) {
            weights[tap] = cubic((tap - centre + 0.5) / width, -0.5);
            sum += weights[tap];
        }
        for (int tap = from; tap < to; tap++) {
            weights[tap] /= sum;
        }
    }

    /** Keys' cubic convolution kernel (1981): 1 at 0, 0 at the other whole numbers and from 2 on. */
    private static double cubic(double x, double a) {
        double t = Math.abs(x);
        if (t <= 1) {
            return (a + 2) * t * t * t - (a + 3) * t * t + 1;
        }
        return t < 2 ? a * (t * t * t - 5 * t * t + 8 * t - 4) : 0;
    }
}
