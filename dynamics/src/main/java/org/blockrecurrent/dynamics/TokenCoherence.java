package org.blockrecurrent.dynamics;

import java.util.List;
import org.blockrecurrent.vit.TokenGroup;

/**
 * How much the patches of one image point the same way. With n patches and the mean direction {@code m = (1/n) Σ_i x̂_i}:
 *
 * <pre>
 *   κ_ℓ = ‖m‖                                              1: all alike; about 1/√n for random directions
 *   mean cosine of two different patches = (n κ² − 1) / (n − 1)      0 for random directions, whatever n
 * </pre>
 *
 * averaged over images. The paper (arXiv 2512.19941) plots κ_ℓ without a public formula: this one, the order parameter of
 * Kuramoto's model of coupled oscillators, is our choice. It is also the patches' mean cosine to their mean direction, since
 * {@code (1/n) Σ_i ⟨x̂_i, m/‖m‖⟩ = ⟨m, m/‖m‖⟩ = κ}. The second row is undefined (NaN) for a single patch.
 */
public final class TokenCoherence implements Measure {
    public static final String NAME = "token-coherence";
    public static final String PAIRS = "patch-pair-cosine";

    private final LayerMeans means = new LayerMeans();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void accept(HostTrajectory states, int[] labels) {
        LayerMeans.Key coherence = new LayerMeans.Key(NAME, TokenGroup.PATCHES.label(), "ratio");
        LayerMeans.Key pairs = new LayerMeans.Key(PAIRS, TokenGroup.PATCHES.label(), "cosine");
        int n = states.layout().patches();
        for (int layer = 0; layer <= states.layers(); layer++) {
            for (int image = 0; image < states.batch(); image++) {
                double kappa = Directions.norm(meanDirection(states, layer, image));
                means.add(coherence, layer, kappa, 1);
                means.add(pairs, layer, n == 1 ? Double.NaN : (n * kappa * kappa - 1) / (n - 1), 1);
            }
        }
    }

    /** The mean of the unit vectors of an image's patches, not itself of unit length. */
    static double[] meanDirection(HostTrajectory states, int layer, int image) {
        double[] mean = new double[states.embedDim()];
        double[] direction = new double[states.embedDim()];
        for (int token = states.layout().firstPatch(); token < states.layout().tokens(); token++) {
            states.direction(layer, image, token, direction);
            for (int d = 0; d < mean.length; d++) {
                mean[d] += direction[d] / states.layout().patches();
            }
        }
        return mean;
    }

    @Override
    public void merge(Measure other) {
        means.merge(Measure.sameKind(TokenCoherence.class, other).means);
    }

    @Override
    public List<MeasureTable.Row> result(String model) {
        return means.rows(model);
    }
}
