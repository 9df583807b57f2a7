package org.blockrecurrent.tensor.backend.reference;

/** Constants that travel as floats. */
final class Decimal {
    private Decimal() {}

    /** The double nearest to the shortest decimal that means this float: 0.1f is taken as 0.1, not 0.10000000149. */
    static double of(float constant) {
        return Double.parseDouble(Float.toString(constant));
    }
}
