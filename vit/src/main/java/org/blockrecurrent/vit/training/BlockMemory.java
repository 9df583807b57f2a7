package org.blockrecurrent.vit.training;

import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.Retention;

/**
 * What a training step holds of a transformer block, in floats for each token of each image.
 *
 * <pre>
 *   kept      8D + 2(D if scaled) + (D if depth-scaled) + U + F + H + 4
 *             norm₁, qkv (3), attention, x′, norm₂, y;  each branch before its scale;  y before the depth scale;
 *             the MLP's hidden layer before (U) and after (F) its non-linearity;  log-sum-exp;  the norms' statistics
 *   backward  D + U + F − (D if scaled) − (D if depth-scaled)
 *             most at the MLP's first layer: the gradients of x′, norm₂ and both sides of the non-linearity come, y goes
 * </pre>
 *
 * U is 2F for SwiGLU, else F.
 *
 * @param scaled whether a trained scale (LayerScale, depth scale) multiplies each branch
 * @param depthScaled whether one multiplies the block's output too
 */
public record BlockMemory(int embedDim, int heads, int mlpDim, Mlp.Kind mlp, boolean scaled, boolean depthScaled) {

    /** From the forward to the backward pass, the block's input not counted, for it is another's output. */
    public long kept() {
        return 8L * embedDim + 2L * ifScaled() + ifDepthScaled() + hidden() + heads + 4;
    }

    /** What the backward pass adds to that at most. */
    public long backward() {
        return embedDim + hidden() - ifScaled() - ifDepthScaled();
    }

    /**
     * When the last of a number of applications begins its backward pass: with {@link Retention#INPUTS} each has left its
     * output only, and that last one is computed anew, beside the output and the gradient that its first run is held by.
     */
    public long rollout(int applications, Retention retention) {
        return retention == Retention.INPUTS
                ? (long) applications * embedDim + kept() + backward() + ifDepthScaled()
                : applications * kept() + backward();
    }

    /** Elements of the MLP's two weights, whose gradients come first. */
    public long mlpElements() {
        return hidden() * embedDim;
    }

    private long hidden() {
        return mlp.firstWidth(mlpDim) + (long) mlpDim;
    }

    private long ifScaled() {
        return scaled ? embedDim : 0;
    }

    private long ifDepthScaled() {
        return depthScaled ? embedDim : 0;
    }
}
