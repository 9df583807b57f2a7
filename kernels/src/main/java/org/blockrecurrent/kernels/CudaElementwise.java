package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.ElementwiseKernels;

/** Elementwise kernels on the GPU. */
final class CudaElementwise implements ElementwiseKernels {
    private final CudaLauncher cuda;

    CudaElementwise(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    @Override
    public void add(Tensor y, Tensor a, Tensor b) {
        throw new UnsupportedOperationException("add: no kernel yet");
    }

    @Override
    public void addInto(Tensor y, Tensor x) {
        throw new UnsupportedOperationException("addInto: no kernel yet");
    }

    @Override
    public void multiply(Into y, Tensor a, Tensor b) {
        throw new UnsupportedOperationException("multiply: no kernel yet");
    }

    @Override
    public void scale(Into y, Tensor x, float factor) {
        throw new UnsupportedOperationException("scale: no kernel yet");
    }

    @Override
    public void activation(Tensor y, Tensor x, Activation f) {
        throw new UnsupportedOperationException("activation: no kernel yet");
    }

    @Override
    public void activationBackward(Into dx, Tensor dy, Tensor x, Activation f) {
        throw new UnsupportedOperationException("activationBackward: no kernel yet");
    }

    @Override
    public void swiGlu(Tensor y, Tensor x) {
        throw new UnsupportedOperationException("swiGlu: no kernel yet");
    }

    @Override
    public void swiGluBackward(Into dx, Tensor dy, Tensor x) {
        throw new UnsupportedOperationException("swiGluBackward: no kernel yet");
    }
}
