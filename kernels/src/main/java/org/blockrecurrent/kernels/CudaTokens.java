package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.TokenKernels;

/** Kernels that move tokens on the GPU. */
final class CudaTokens implements TokenKernels {
    private final CudaLauncher cuda;

    CudaTokens(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    @Override
    public void patchify(Tensor y, Tensor images, int patchSize) {
        throw new UnsupportedOperationException("patchify: no kernel yet");
    }

    @Override
    public void patchifyBackward(Into dimages, Tensor dy, int patchSize) {
        throw new UnsupportedOperationException("patchifyBackward: no kernel yet");
    }

    @Override
    public void copyTokens(Tensor y, int yFrom, Tensor x, int xFrom, int count) {
        throw new UnsupportedOperationException("copyTokens: no kernel yet");
    }

    @Override
    public void copyTokensBackward(Into dx, int xFrom, Tensor dy, int yFrom, int count) {
        throw new UnsupportedOperationException("copyTokensBackward: no kernel yet");
    }

    @Override
    public void scaleChannels(Into y, Tensor x, Tensor scale) {
        throw new UnsupportedOperationException("scaleChannels: no kernel yet");
    }

    @Override
    public void scaleChannelsBackward(Into dscale, Tensor dy, Tensor x) {
        throw new UnsupportedOperationException("scaleChannelsBackward: no kernel yet");
    }
}
