package org.blockrecurrent.raptor.golden;

/**
 * Largest differences from the golden double values, as shares of the largest value of a tensor.
 *
 * @param outputs of a block or a rollout
 * @param gradients of a block for a given cotangent
 * @param losses and gradients of losses
 * @param trained parameters after optimizer steps
 */
public record GoldenTolerances(double outputs, double gradients, double losses, double trained) {
    /**
     * For a backend that computes in float: what the README of the fixtures derives from the difference between PyTorch's
     * float and double runs (2e-7 … 4e-7 for outputs, up to 9e-7 for gradients, up to 4e-6 for trained parameters).
     */
    public static GoldenTolerances ofFloats() {
        return new GoldenTolerances(2e-6, 1e-5, 1e-5, 1e-5);
    }

    /**
     * For a backend that computes in double: 1e-11 as there. But the mean over layers is taken by a factor 1/layers that
     * travels as a float, which moves losses and gradients by up to 2⁻²⁴ = 6e-8. And in trained parameters the official
     * weight decay is rounded to float, and the key bias, which has no gradient, follows rounding noise: 1e-5 as for floats.
     */
    public static GoldenTolerances ofDoubles() {
        return new GoldenTolerances(1e-11, 1e-11, 1e-7, 1e-5);
    }
}
