package org.blockrecurrent.benchmarks.workload;

import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.TokenLayout;

/**
 * How large a recurrent block is and what it is given: {@code batch} images of N tokens with D channels, through the same
 * block {@code depth} times. The MLP is SwiGLU, four times as wide as D, as in the published block.
 */
public record BlockSize(int batch, int tokens, int dim, int heads, int depth) {
    private static final int MLP_RATIO = 4;
    private static final float NORM_EPS = 1e-5f;
    private static final int DEPTH_HIDDEN = 16;

    /** Large enough that a wrong branch shows in the output, which it would not at the published 1e-5. */
    private static final float LAYER_SCALE = 0.1f;

    RaptorConfig config() {
        return new RaptorConfig(
                dim, heads, MLP_RATIO * dim, Mlp.Kind.SWIGLU, LAYER_SCALE, NORM_EPS, true, DEPTH_HIDDEN);
    }

    TokenLayout layout() {
        return new TokenLayout(0, tokens - 1);
    }

    /** The same block on few images and tokens, applied twice at most: what the reference can compute in no time. */
    BlockSize slice() {
        return new BlockSize(Math.min(batch, 2), Math.min(tokens, 9), dim, heads, Math.min(depth, 2));
    }

    /** Floating-point operations of one pass over the batch: two for each multiply-add; a backward pass costs two forward. */
    public double flops(Pass pass) {
        double forward = 2.0 * config().multiplyAdds(tokens) * batch * depth;
        return pass == Pass.FORWARD ? forward : 3 * forward;
    }
}
