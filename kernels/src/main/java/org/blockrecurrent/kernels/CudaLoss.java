package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.LossKernels;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.TokenSpan;

/** Losses on the GPU. */
final class CudaLoss implements LossKernels {
    private final CudaLauncher cuda;

    CudaLoss(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    @Override
    public void tokenMse(Tensor loss, Tensor errors, Tensor prediction, Tensor target, List<TokenSpan> spans) {
        throw new UnsupportedOperationException("tokenMse: no kernel yet");
    }

    @Override
    public void tokenMseBackward(
            Into dprediction, Tensor dloss, Tensor prediction, Tensor target, List<TokenSpan> spans) {
        throw new UnsupportedOperationException("tokenMseBackward: no kernel yet");
    }

    @Override
    public void crossEntropy(Tensor loss, Tensor probabilities, Tensor logits, Tensor labels, float smoothing) {
        throw new UnsupportedOperationException("crossEntropy: no kernel yet");
    }

    @Override
    public void crossEntropyBackward(Into dlogits, Tensor dloss, Tensor probabilities, Tensor labels, float smoothing) {
        throw new UnsupportedOperationException("crossEntropyBackward: no kernel yet");
    }

    @Override
    public void blend(Tensor y, Tensor a, Tensor b, StepState state) {
        throw new UnsupportedOperationException("blend: no kernel yet");
    }

    @Override
    public void blendBackward(Into da, Into db, Tensor dy, StepState state) {
        throw new UnsupportedOperationException("blendBackward: no kernel yet");
    }
}
