package org.blockrecurrent.dynamics;

import java.util.List;
import org.blockrecurrent.vit.TokenGroup;

/**
 * How far a token's direction has come towards its direction at the end:
 *
 * <pre>  γ_ℓ = ⟨x̂_ℓ, x̂_L⟩,   ℓ = 0 … L      (a cosine; γ_L = 1)</pre>
 *
 * averaged over the tokens of each group and over images. The formula is the paper's (arXiv 2512.19941, figure 6); that the
 * mean is taken token by token, of the raw states, is our choice: the paper's protocol is not public.
 */
public final class DirectionalConvergence implements Measure {
    public static final String NAME = "directional-convergence";

    private final LayerMeans means = new LayerMeans();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void accept(HostTrajectory states, int[] labels) {
        double[] here = new double[states.embedDim()];
        double[] last = new double[states.embedDim()];
        for (TokenGroup group : states.layout().groups()) {
            LayerMeans.Key key = new LayerMeans.Key(NAME, group.label(), "cosine");
            for (int layer = 0; layer <= states.layers(); layer++) {
                for (int image = 0; image < states.batch(); image++) {
                    means.add(
                            key,
                            layer,
                            cosines(states, layer, image, group, here, last),
                            states.layout().count(group));
                }
            }
        }
    }

    private static double cosines(
            HostTrajectory states, int layer, int image, TokenGroup group, double[] here, double[] last) {
        double sum = 0;
        for (int token = states.layout().from(group); token < states.layout().to(group); token++) {
            states.direction(layer, image, token, here);
            states.direction(states.layers(), image, token, last);
            sum += Directions.dot(here, last);
        }
        return sum;
    }

    @Override
    public void merge(Measure other) {
        means.merge(Measure.sameKind(DirectionalConvergence.class, other).means);
    }

    @Override
    public List<MeasureTable.Row> result(String model) {
        return means.rows(model);
    }
}
