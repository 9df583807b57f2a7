package org.blockrecurrent.tensor.backend;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;

/** The update of the parameters. Everything that changes from step to step is read from the {@link StepState}. */
public interface OptimizerKernels {
    /**
     * Norm of all gradients taken as one vector, and {@code min(1, maxNorm/(norm + 1e-6))}, to the step state. If the norm
     * is not finite, the factor is 0 and the update of this step is skipped.
     */
    void gradientNorm(StepState state, List<Tensor> gradients, float maxNorm);

    /**
     * One AdamW step with the state's learning rate, step number and clip factor:
     *
     * <pre>
     *   g ← clip · gradient;  m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²
     *   p ← (1 − lr · decay) p − lr · m̂ / (√v̂ + eps),   m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ)
     * </pre>
     *
     * Leaves parameter and moments alone where the clip factor is 0.
     */
    void adamW(
            Tensor parameter,
            Tensor gradient,
            Tensor m,
            Tensor v,
            StepState state,
            float beta1,
            float beta2,
            float eps,
            float weightDecay);

    /**
     * {@code mask (G, D)}: each row is {@code 1/(1 − dropProbability)} with probability 1 − dropProbability and else 0, all
     * its elements alike. Row g draws {@code Philox.uniform(seed, stream, step, g)}, the step read from the state, and is
     * dropped if the draw is less than the probability.
     */
    void stochasticDepthMask(Tensor mask, float dropProbability, long seed, int stream, StepState state);
}
