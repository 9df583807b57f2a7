package org.blockrecurrent.raptor.phases;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.MeanTokensOp;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;

/**
 * How unlike the layers are, as published ({@code eval_dinov2} of raptor/max_cut_dinov2_base.ipynb): for each image, one
 * minus the cosine between the cls tokens of two layers, and between their mean patch tokens; the mean of the two; then
 * the mean over images. Layers 1 … L: the embedding x₀ is left out, and so are the registers. No centring. A model without a cls
 * token is compared by its mean patch tokens alone: our decision.
 *
 * <pre>
 *   d(ℓ, m) = 1/|X| Σ_x ½ Σ_{kind} (1 − clamp(cos(a_ℓ, a_m), −1, 1))
 * </pre>
 *
 * <p>Norms are taken as at least 1e-8: a vector of zeros is at distance 1 from all, itself
 * included. Streams: {@code accept} each batch,
 * then ask for the {@code result}. Sums are in double precision.
 */
public final class LayerDissimilarity {
    private static final double SMALLEST_NORM = 1e-8;

    private double[][] sums;
    private long images;

    /** Adds the images of a batch. */
    public void accept(Trajectory trajectory) {
        int L = trajectory.layers();
        if (sums == null) {
            sums = new double[L][L];
        }
        if (sums.length != L) {
            throw new InvalidInputException(
                    "dissimilarity: a trajectory of " + L + " layers after those of " + sums.length);
        }
        boolean hasCls = trajectory.layout().has(TokenGroup.CLS);
        double share = hasCls ? 0.5 : 1;
        if (hasCls) {
            add(directions(trajectory, true), trajectory.batch(), share);
        }
        add(directions(trajectory, false), trajectory.batch(), share);
        images += trajectory.batch();
    }

    /** Adds what another accumulator has seen. */
    public void merge(LayerDissimilarity other) {
        if (other.sums == null) {
            return;
        }
        if (sums == null) {
            sums = new double[other.sums.length][other.sums.length];
        }
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j < sums.length; j++) {
                sums[i][j] += other.sums[i][j];
            }
        }
        images += other.images;
    }

    /** Number of images so far. */
    public long images() {
        return images;
    }

    /** The mean over the images so far. */
    public DissimilarityMatrix result() {
        if (images == 0) {
            throw new InvalidInputException("dissimilarity: no image was given");
        }
        double[][] mean = new double[sums.length][sums.length];
        for (int i = 0; i < mean.length; i++) {
            for (int j = 0; j < mean.length; j++) {
                mean[i][j] = sums[i][j] / images;
            }
        }
        return new DissimilarityMatrix(mean);
    }

    private void add(double[][][] directions, int batch, double share) {
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j <= i; j++) {
                double distance = 0;
                for (int b = 0; b < batch; b++) {
                    distance += 1 - cosine(directions[i][b], directions[j][b]);
                }
                sums[i][j] += share * distance;
                sums[j][i] = sums[i][j];
            }
        }
    }

    private static double cosine(double[] a, double[] b) {
        double dot = 0;
        for (int d = 0; d < a.length; d++) {
            dot += a[d] * b[d];
        }
        return Math.max(-1, Math.min(1, dot));
    }

    /** (L, B, D): unit vectors of the cls tokens or of the mean patch tokens. */
    private static double[][][] directions(Trajectory trajectory, boolean cls) {
        double[][][] directions = new double[trajectory.layers()][trajectory.batch()][];
        for (int layer = 1; layer <= directions.length; layer++) {
            double[] values = read(trajectory.state(layer), trajectory.layout(), cls);
            for (int b = 0; b < trajectory.batch(); b++) {
                directions[layer - 1][b] = unit(values, b, trajectory.embedDim());
            }
        }
        return directions;
    }

    private static double[] read(Tensor state, TokenLayout layout, boolean cls) {
        try (Scope inner = state.backend().openScope()) {
            Tensor x = state.detach();
            return (cls ? x.tokens(0, 1) : MeanTokensOp.forward(x, layout.firstPatch(), layout.tokens())).toDoubles();
        }
    }

    private static double[] unit(double[] values, int row, int D) {
        double[] unit = new double[D];
        double squares = 0;
        for (int d = 0; d < D; d++) {
            unit[d] = values[row * D + d];
            squares += unit[d] * unit[d];
        }
        double norm = Math.max(SMALLEST_NORM, Math.sqrt(squares));
        for (int d = 0; d < D; d++) {
            unit[d] /= norm;
        }
        return unit;
    }
}
