package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.MatmulKernels;

/** Matrix products with their epilogues on the GPU. */
final class CudaMatmul implements MatmulKernels {
    private final CudaLauncher cuda;

    CudaMatmul(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    @Override
    public void matmul(Into c, Tensor a, Tensor b, Layout layout) {
        throw new UnsupportedOperationException("matmul: no kernel yet");
    }

    @Override
    public void linear(Tensor y, Tensor x, Tensor weight, Tensor bias) {
        throw new UnsupportedOperationException("linear: no kernel yet");
    }

    @Override
    public void linearGelu(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias) {
        throw new UnsupportedOperationException("linearGelu: no kernel yet");
    }

    @Override
    public void linearSwiGlu(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias) {
        throw new UnsupportedOperationException("linearSwiGlu: no kernel yet");
    }

    @Override
    public void linearResidual(
            Tensor y, Tensor z, Tensor residual, Tensor scale, Tensor x, Tensor weight, Tensor bias) {
        throw new UnsupportedOperationException("linearResidual: no kernel yet");
    }

    @Override
    public void linearBackwardWeight(Into dweight, Into dbias, Tensor dy, Tensor x) {
        throw new UnsupportedOperationException("linearBackwardWeight: no kernel yet");
    }
}
