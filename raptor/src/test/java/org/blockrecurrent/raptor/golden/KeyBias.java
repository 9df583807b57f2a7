package org.blockrecurrent.raptor.golden;

/**
 * The bias of the keys: softmax ignores it, so its true gradient is zero and what is stored is rounding noise, from which
 * Adam makes steps of up to the learning rate. It is left out of every comparison.
 */
public final class KeyBias {
    private KeyBias() {}

    /** The values without the middle third if they are those of {@code in_proj_bias}. */
    public static double[] without(String parameter, double[] values) {
        if (!parameter.endsWith("attn.in_proj_bias")) {
            return values;
        }
        int third = values.length / 3;
        double[] kept = new double[2 * third];
        System.arraycopy(values, 0, kept, 0, third);
        System.arraycopy(values, 2 * third, kept, third, third);
        return kept;
    }
}
