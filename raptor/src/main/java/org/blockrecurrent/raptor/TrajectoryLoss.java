package org.blockrecurrent.raptor;

import java.util.List;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.tensor.op.BlendOp;
import org.blockrecurrent.tensor.op.TokenMseOp;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.Trajectory;

/**
 * What a surrogate is trained on: to follow the teacher's trajectory through some runs of layers.
 *
 * <pre>
 *   L    = λ · L_TF + (1 − λ) · L_AR
 *   L_TF = mean over layers ℓ of  error(step(x_{ℓ−1}, ℓ), x_ℓ)       teacher forced
 *   L_AR = mean over layers ℓ of  error(x̃_ℓ, x_ℓ)                    autoregressive from each run's start
 *   error = Σ over token groups of  weight · mean-square error
 * </pre>
 *
 * <p>The paper writes a Frobenius norm; the published code, followed here, takes the mean-square error
 * (raptor/trainer.py, {@code autoreg_pass}, {@code distill_pass}). λ is read on the device from the {@link StepState}.
 *
 * @param weights what cls, registers and patches count
 * @param runs the runs of layers, each rolled out from the teacher's state before it
 */
public record TrajectoryLoss(TokenWeights weights, List<Phase> runs) {

    public TrajectoryLoss {
        runs = List.copyOf(runs);
    }

    /**
     * The loss of one batch, a scalar.
     *
     * @param state holds λ for the device
     * @param teacherForcing λ; at 0 the teacher-forced pass is left out
     */
    public Tensor of(LayerMap surrogate, Trajectory teacher, StepState state, double teacherForcing) {
        Tensor autoregressive = autoregressive(surrogate, teacher);
        if (teacherForcing == 0) {
            return autoregressive;
        }
        return BlendOp.forward(teacherForced(surrogate, teacher), autoregressive, state);
    }

    /** L_AR. */
    public Tensor autoregressive(LayerMap surrogate, Trajectory teacher) {
        return mean(Rollout::autoregressive, surrogate, teacher);
    }

    /** L_TF. */
    public Tensor teacherForced(LayerMap surrogate, Trajectory teacher) {
        return mean(Rollout::teacherForced, surrogate, teacher);
    }

    private interface Mode {
        List<Tensor> roll(LayerMap surrogate, Trajectory teacher, Phase run);
    }

    private Tensor mean(Mode mode, LayerMap surrogate, Trajectory teacher) {
        List<TokenSpan> spans = weights.spans(teacher.layout());
        Tensor sum = null;
        int layers = 0;
        for (Phase run : runs) {
            List<Tensor> predictions = mode.roll(surrogate, teacher, run);
            for (int i = 0; i < run.length(); i++) {
                Tensor error = TokenMseOp.forward(predictions.get(i), teacher.state(run.first() + i), spans);
                sum = sum == null ? error : sum.add(error);
            }
            layers += run.length();
        }
        return layers == 1 ? sum : sum.scale(1f / layers);
    }
}
