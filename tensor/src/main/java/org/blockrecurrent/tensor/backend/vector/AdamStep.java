package org.blockrecurrent.tensor.backend.vector;

/**
 * The constants of one AdamW step, bias corrections folded in: {@code g ← clip · gradient}, {@code m ← β₁m + rest₁ g}, {@code v ←
 * β₂v + rest₂ g²}, {@code p ← keep · p − rate · m/(√v · rootCorrection + eps)}. All are computed in double precision from the
 * decimal numbers that the floats stand for: 1 − β₂ of the float 0.999 would be off by 1e-5.
 */
record AdamStep(
        float clip,
        float beta1,
        float rest1,
        float beta2,
        float rest2,
        float eps,
        float keep,
        float rate,
        float rootCorrection) {

    /** Of step {@code step} ≥ 1. */
    static AdamStep of(
            float learningRate, long step, float clip, float beta1, float beta2, float eps, float weightDecay) {
        double decay1 = decimal(beta1);
        double decay2 = decimal(beta2);
        return new AdamStep(
                clip,
                beta1,
                (float) (1 - decay1),
                beta2,
                (float) (1 - decay2),
                eps,
                (float) (1 - decimal(learningRate) * decimal(weightDecay)),
                (float) (decimal(learningRate) / (1 - Math.pow(decay1, step))),
                (float) (1 / Math.sqrt(1 - Math.pow(decay2, step))));
    }

    /** The shortest decimal number that rounds to this float. */
    static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
