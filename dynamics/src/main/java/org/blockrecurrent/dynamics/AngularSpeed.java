package org.blockrecurrent.dynamics;

import java.util.List;
import org.blockrecurrent.vit.TokenGroup;

/**
 * How far a token's direction turns in one step, in degrees:
 *
 * <pre>  s_ℓ = arccos ⟨x̂_{ℓ+1}, x̂_ℓ⟩,   ℓ = 0 … L − 1</pre>
 *
 * averaged over the tokens of each group and over images: the mean of angles, not the angle of a mean. The formula is the
 * paper's (arXiv 2512.19941, figures 7 to 9), which plots it for cls, registers and patches apart. s₀, the step that leaves
 * the embedding, is reported too.
 */
public final class AngularSpeed implements Measure {
    public static final String NAME = "angular-speed";

    private final LayerMeans means = new LayerMeans();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void accept(HostTrajectory states, int[] labels) {
        double[] from = new double[states.embedDim()];
        double[] to = new double[states.embedDim()];
        for (TokenGroup group : states.layout().groups()) {
            LayerMeans.Key key = new LayerMeans.Key(NAME, group.label(), "degrees");
            for (int layer = 0; layer < states.layers(); layer++) {
                for (int image = 0; image < states.batch(); image++) {
                    means.add(
                            key,
                            layer,
                            angles(states, layer, image, group, from, to),
                            states.layout().count(group));
                }
            }
        }
    }

    private static double angles(
            HostTrajectory states, int layer, int image, TokenGroup group, double[] from, double[] to) {
        double sum = 0;
        for (int token = states.layout().from(group); token < states.layout().to(group); token++) {
            states.direction(layer, image, token, from);
            states.direction(layer + 1, image, token, to);
            sum += Directions.degrees(from, to);
        }
        return sum;
    }

    @Override
    public void merge(Measure other) {
        means.merge(Measure.sameKind(AngularSpeed.class, other).means);
    }

    @Override
    public List<MeasureTable.Row> result(String model) {
        return means.rows(model);
    }
}
