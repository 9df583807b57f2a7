package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.ReduceKernels;

/** Sums in fixed order on the GPU. */
final class CudaReduce implements ReduceKernels {
    private final CudaLauncher cuda;

    CudaReduce(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    @Override
    public void sum(Tensor y, Tensor x, float factor) {
        throw new UnsupportedOperationException("sum: no kernel yet");
    }

    @Override
    public void spread(Into y, Tensor x, float factor) {
        throw new UnsupportedOperationException("spread: no kernel yet");
    }

    @Override
    public void sumLeading(Into y, Tensor x) {
        throw new UnsupportedOperationException("sumLeading: no kernel yet");
    }

    @Override
    public void sumLeadingProduct(Into y, Tensor a, Tensor b) {
        throw new UnsupportedOperationException("sumLeadingProduct: no kernel yet");
    }

    @Override
    public void meanTokens(Tensor y, Tensor x, int from, int to) {
        throw new UnsupportedOperationException("meanTokens: no kernel yet");
    }

    @Override
    public void meanTokensBackward(Into dx, Tensor dy, int from, int to) {
        throw new UnsupportedOperationException("meanTokensBackward: no kernel yet");
    }

    @Override
    public void cosine(Tensor y, Tensor a, Tensor b) {
        throw new UnsupportedOperationException("cosine: no kernel yet");
    }

    @Override
    public void cosineBackward(Into da, Into db, Tensor dy, Tensor a, Tensor b) {
        throw new UnsupportedOperationException("cosineBackward: no kernel yet");
    }
}
