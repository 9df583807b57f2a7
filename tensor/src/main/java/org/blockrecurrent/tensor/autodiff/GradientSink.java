package org.blockrecurrent.tensor.autodiff;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;

/** Collects the gradients that the ops' backward passes produce. */
public interface GradientSink {
    /**
     * The buffer that the gradient of {@code input} goes to, or null if it needs none. The caller must write it: a buffer
     * that was asked for counts as filled.
     */
    Into into(Tensor input);

    /**
     * Hands over a gradient that is already there, such as {@code dy} itself where the derivative is one. The sink may
     * keep the tensor and add to it later, so the caller must not use it afterwards.
     */
    void give(Tensor input, Tensor gradient);

    /**
     * Goes back through what was recorded on the way from {@code from} to {@code y}, as if it were part of the graph that is
     * being swept, and no further; it is consumed, {@code dy} is not.
     */
    void differentiate(Tensor y, Tensor dy, List<Tensor> from);

    /** True if {@code input} needs a gradient. */
    default boolean needs(Tensor input) {
        return input != null && input.requiresGradient();
    }
}
