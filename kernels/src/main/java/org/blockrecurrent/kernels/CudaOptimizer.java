package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.OptimizerKernels;
import org.blockrecurrent.tensor.backend.StepState;

/** The update of the parameters on the GPU. */
final class CudaOptimizer implements OptimizerKernels {
    private final CudaLauncher cuda;

    CudaOptimizer(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    @Override
    public void gradientNorm(StepState state, List<Tensor> gradients, float maxNorm) {
        throw new UnsupportedOperationException("gradientNorm: no kernel yet");
    }

    @Override
    public void adamW(
            Tensor parameter,
            Tensor gradient,
            Tensor m,
            Tensor v,
            StepState state,
            float beta1,
            float beta2,
            float eps,
            float weightDecay) {
        throw new UnsupportedOperationException("adamW: no kernel yet");
    }

    @Override
    public void stochasticDepthMask(Tensor mask, float dropProbability, long seed, int stream, StepState state) {
        throw new UnsupportedOperationException("stochasticDepthMask: no kernel yet");
    }
}
