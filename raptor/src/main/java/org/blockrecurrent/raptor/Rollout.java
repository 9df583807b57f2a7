package org.blockrecurrent.raptor;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.Trajectory;

/**
 * The two ways in which a surrogate goes through the layers of a run. Both give its predictions of the states after the
 * run's first … last layer, each (B, N, D), recorded so that gradients flow through all steps.
 */
public final class Rollout {
    private Rollout() {}

    /** Each step starts from the surrogate's own state, the first from the teacher's: {@code x̃_ℓ = step(x̃_{ℓ−1}, ℓ)}. */
    public static List<Tensor> autoregressive(LayerMap surrogate, Trajectory teacher, Phase run) {
        List<Tensor> predictions = new ArrayList<>();
        Tensor x = teacher.state(run.first() - 1);
        for (int layer = run.first(); layer <= run.last(); layer++) {
            x = surrogate.step(x, layer);
            predictions.add(x);
        }
        return predictions;
    }

    /** Each step starts from the teacher's state: {@code x̂_ℓ = step(x_{ℓ−1}, ℓ)}. */
    public static List<Tensor> teacherForced(LayerMap surrogate, Trajectory teacher, Phase run) {
        List<Tensor> predictions = new ArrayList<>();
        for (int layer = run.first(); layer <= run.last(); layer++) {
            predictions.add(surrogate.step(teacher.state(layer - 1), layer));
        }
        return predictions;
    }
}
