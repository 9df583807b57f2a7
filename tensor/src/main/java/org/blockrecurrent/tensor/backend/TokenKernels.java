package org.blockrecurrent.tensor.backend;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;

/** Kernels that move tokens about or scale them in groups. */
public interface TokenKernels {
    /**
     * {@code (B, C, h·p, w·p) → (B, h·w, C·p·p)}: the patches row by row, each with its pixels in the order (channel, row,
     * column), which is the order of a convolution's weight.
     */
    void patchify(Tensor y, Tensor images, int patchSize);

    /** The adjoint of {@link #patchify}: every pixel is in exactly one patch. */
    void patchifyBackward(Into dimages, Tensor dy, int patchSize);

    /**
     * Copies {@code count} tokens, from {@code xFrom} of x (B or 1, N, D) to {@code yFrom} of y (B, N′, D); a single batch
     * entry of x is repeated. Other tokens of y are left alone.
     */
    void copyTokens(Tensor y, int yFrom, Tensor x, int xFrom, int count);

    /**
     * The adjoint: tokens {@code xFrom … xFrom+count−1} of dx receive those of dy, summed over the batch where dx has one
     * entry; if {@code dx} is not added to, its other tokens become zero.
     */
    void copyTokensBackward(Into dx, int xFrom, Tensor dy, int yFrom, int count);

    /** {@code y = scale ⊙ x}: {@code x (M, D)} in G equal groups of rows, {@code scale (G, D)}. */
    void scaleChannels(Into y, Tensor x, Tensor scale);

    /** {@code dscale (G, D) = Σ over the rows of each group of dy ⊙ x}. */
    void scaleChannelsBackward(Into dscale, Tensor dy, Tensor x);
}
