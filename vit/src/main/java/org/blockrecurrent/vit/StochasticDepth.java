package org.blockrecurrent.vit;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.random.Philox;

/**
 * Stochastic depth (Huang et al., arXiv 1603.09382): in training, a residual branch is left out for an image with one
 * probability, uniform over depth, and scaled up otherwise, so that its expectation does not change.
 */
public record StochasticDepth(float probability, long seed, StepState state) {

    /** {@code (B, D)}: 1/(1 − probability) or 0 for each image; null if nothing is ever dropped. */
    Tensor mask(Backend backend, int B, int D, int layer, String branch) {
        if (probability == 0) {
            return null;
        }
        Tensor mask = backend.empty(B, D);
        int stream = Philox.streamOf("stochastic depth " + layer + " " + branch);
        backend.optimizer().stochasticDepthMask(mask, probability, seed, stream, state);
        return mask;
    }
}
