package org.blockrecurrent.tensor.backend;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;

/** Layer normalization over the last axis. Statistics are (rows); the variance is taken in two passes. */
public interface NormKernels {
    /** {@code y = x̂ ⊙ weight + bias, x̂ = (x − mean) · rstd, rstd = 1/√(variance + eps)}. */
    void layerNorm(Tensor y, Tensor mean, Tensor rstd, Tensor x, Tensor weight, Tensor bias, float eps);

    /** With {@code g = dy ⊙ weight}: {@code dx = rstd · (g − mean(g) − x̂ · mean(g ⊙ x̂))}, {@code dweight = Σ dy ⊙ x̂}, {@code dbias = Σ dy}. */
    void layerNormBackward(
            Into dx, Into dweight, Into dbias, Tensor dy, Tensor x, Tensor weight, Tensor mean, Tensor rstd);
}
