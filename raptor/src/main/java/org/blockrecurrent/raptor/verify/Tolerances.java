package org.blockrecurrent.raptor.verify;

import org.blockrecurrent.tensor.Backend;

/**
 * Largest differences from the official code's double values, as shares of the largest value of a tensor.
 *
 * @param outputs of a block or a rollout
 * @param gradients of a block for a given cotangent
 * @param losses and gradients of losses
 * @param trained parameters after optimizer steps, and what follows from them
 */
record Tolerances(double outputs, double gradients, double losses, double trained) {
    /**
     * For a backend that computes in float: what the README of the golden values derives from the difference between PyTorch's
     * float and double runs (2e-7 … 4e-7 for outputs, up to 9e-7 for gradients, up to 4e-6 for trained parameters).
     */
    private static final Tolerances OF_FLOATS = new Tolerances(2e-6, 1e-5, 1e-5, 1e-5);

    /**
     * For a backend that computes in double: 1e-11 as there. But the mean over layers is taken by a factor 1/layers that travels
     * as a float, which moves losses and gradients by up to 2⁻²⁴ = 6e-8. And in trained parameters the official weight decay is
     * rounded to float, and the key bias, which has no gradient, follows rounding noise: 1e-5 as for floats.
     */
    private static final Tolerances OF_DOUBLES = new Tolerances(1e-11, 1e-11, 1e-7, 1e-5);

    static Tolerances of(Backend backend) {
        return backend.name().equals("reference") ? OF_DOUBLES : OF_FLOATS;
    }

    /** For values of a precision, {@code f64} or {@code f32}: those that were computed in float are off themselves. */
    Tolerances against(String precision) {
        return precision.equals("f64")
                ? this
                : new Tolerances(
                        2 * OF_FLOATS.outputs, 2 * OF_FLOATS.gradients, 2 * OF_FLOATS.losses, 2 * OF_FLOATS.trained);
    }
}
