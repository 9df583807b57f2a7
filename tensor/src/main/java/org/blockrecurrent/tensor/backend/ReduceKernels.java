package org.blockrecurrent.tensor.backend;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;

/** Sums, in an order that does not depend on the number of threads. */
public interface ReduceKernels {
    /** {@code y = factor · Σ x}, y a scalar. */
    void sum(Tensor y, Tensor x, float factor);

    /** {@code y = factor · x} for a scalar x and y of any shape: the adjoint of {@link #sum}. */
    void spread(Into y, Tensor x, float factor);

    /** {@code y (S) = Σ over the leading axes of x (…, S)}: the adjoint of broadcasting. */
    void sumLeading(Into y, Tensor x);

    /** {@code y (S) = Σ over the leading axes of a ⊙ b}, a and b (…, S): the adjoint of a broadcast product. */
    void sumLeadingProduct(Into y, Tensor a, Tensor b);

    /** {@code y (B, D) = mean of tokens from … to−1 of x (B, N, D)}. */
    void meanTokens(Tensor y, Tensor x, int from, int to);

    /** {@code dx (B, N, D)}: {@code dy/(to − from)} for those tokens and 0 for the others. */
    void meanTokensBackward(Into dx, Tensor dy, int from, int to);

    /** {@code y (rows) = cosine of each row of a and b}; each norm is taken as at least 1e-8, as in PyTorch. */
    void cosine(Tensor y, Tensor a, Tensor b);

    /** {@code da, db (rows, D)} from {@code dy (rows)}; either may be null. */
    void cosineBackward(Into da, Into db, Tensor dy, Tensor a, Tensor b);
}
