package org.blockrecurrent.tensor.backend.vector;

/**
 * The constants of one AdamW step, bias corrections folded in: {@code g ← clip · g}, {@code m ← m + (1−β₁)(g − m)}, {@code v ←
 * β₂v + (1−β₂)g²}, {@code p ← keep · p − rate · m/(√v · rootCorrection + eps)}.
 */
record AdamStep(float clip, float beta1, float beta2, float eps, float keep, float rate, float rootCorrection) {

  /** Of step {@code step} ≥ 1; the corrections are computed in double precision. */
  static AdamStep of(
      double learningRate, long step, float clip, float beta1, float beta2, float eps, float weightDecay) {
    double correction1 = 1 - Math.pow(beta1, step);
    double correction2 = 1 - Math.pow(beta2, step);
    return new AdamStep(
        clip,
        beta1,
        beta2,
        eps,
        (float) (1 - learningRate * weightDecay),
        (float) (learningRate / correction1),
        (float) (1 / Math.sqrt(correction2)));
  }
}
