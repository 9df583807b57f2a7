package org.blockrecurrent.vit.verify;

/**
 * A golden value computed again.
 *
 * @param name which value of which case, such as {@code hub_dinov2, native.block.2}
 * @param error largest absolute difference of any element; NaN or infinity where the values cannot be compared
 * @param tolerance the largest difference that is allowed; 0 where every bit must agree
 */
public record Check(String name, double error, double tolerance) {
    public boolean passed() {
        return error <= tolerance;
    }

    /** The error as a fraction of its tolerance; infinite where no difference is allowed and there is one. */
    public double share() {
        return tolerance > 0 ? error / tolerance : error == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
}
