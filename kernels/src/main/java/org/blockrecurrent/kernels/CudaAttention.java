package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.AttentionKernels;

/** Attention on the GPU. */
final class CudaAttention implements AttentionKernels {
    private final CudaLauncher cuda;

    CudaAttention(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    @Override
    public void attention(Tensor y, Tensor lse, Tensor qkv, int heads) {
        throw new UnsupportedOperationException("attention: no kernel yet");
    }

    @Override
    public void attentionBackward(Into dqkv, Tensor dy, Tensor y, Tensor qkv, Tensor lse, int heads) {
        throw new UnsupportedOperationException("attentionBackward: no kernel yet");
    }
}
