package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.Launch;
import org.blockrecurrent.kernels.driver.Scratch;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.TokenKernels;

/** Kernels that move tokens or scale them in groups on the GPU: tokens.cu, and what they share with other groups. */
final class CudaTokens implements TokenKernels {
    private final CudaLauncher cuda;
    private final CudaElementwise elementwise;
    private final Sums sums;

    CudaTokens(CudaLauncher cuda) {
        this.cuda = cuda;
        this.elementwise = new CudaElementwise(cuda);
        this.sums = new Sums(cuda);
    }

    @Override
    public void patchify(Tensor y, Tensor images, int patchSize) {
        int patches = y.dim(0) * y.dim(1);
        StreamGrid.matrix(1, patches, y.dim(2), StreamGrid.width(patchSize))
                .of(cuda.launch("tokens", "tokens_patchify"))
                .output(y)
                .tensor(images)
                .i32(images.dim(0))
                .i32(images.dim(1))
                .i32(images.dim(2) / patchSize)
                .i32(images.dim(3) / patchSize)
                .i32(patchSize)
                .run();
    }

    @Override
    public void patchifyBackward(Into dimages, Tensor dy, int patchSize) {
        if (dimages == null) {
            return;
        }
        Tensor images = dimages.tensor();
        int patches = dy.dim(0) * dy.dim(1);
        StreamGrid.matrix(1, patches, dy.dim(2), StreamGrid.width(patchSize))
                .of(cuda.launch("tokens", "tokens_patchify_backward"))
                .output(images)
                .tensor(dy)
                .i32(images.dim(0))
                .i32(images.dim(1))
                .i32(images.dim(2) / patchSize)
                .i32(images.dim(3) / patchSize)
                .i32(patchSize)
                .i32(dimages.add() ? 1 : 0)
                .run();
    }

    @Override
    public void copyTokens(Tensor y, int yFrom, Tensor x, int xFrom, int count) {
        int D = y.dim(2);
        int B = y.dim(0);
        StreamGrid.matrix(1, B, count * D, StreamGrid.width(D))
                .of(cuda.launch("tokens", "tokens_copy"))
                .output(y)
                .tensor(x)
                .i32(B)
                .i32(count * D)
                .i32(yFrom * D)
                .i32(y.dim(1) * D)
                .i32(xFrom * D)
                .i32(x.dim(0) == 1 ? 0 : x.dim(1) * D)
                .run();
    }

    @Override
    public void copyTokensBackward(Into dx, int xFrom, Tensor dy, int yFrom, int count) {
        if (dx == null) {
            return;
        }
        int D = dy.dim(2);
        int run = count * D;
        if (dx.tensor().dim(0) == dy.dim(0)) {
            copyBack(dx, xFrom * D, launch -> launch.tensor(dy), yFrom * D, dy.dim(1) * D, run);
            return;
        }
        Sums.Columns images = new Sums.Columns(1, dy.dim(0), run, yFrom * D, dy.dim(1) * D, 0);
        try (Scratch batchSum = cuda.scratch(run)) {
            sums.columns(launch -> launch.scratch(batchSum), false, launch -> launch.tensor(dy), null, images, 1);
            copyBack(dx, xFrom * D, launch -> launch.scratch(batchSum), 0, run, run);
        }
    }

    private void copyBack(Into dx, int xStart, Sums.Address dy, int yStart, int yImage, int run) {
        int B = dx.tensor().dim(0);
        int D = dx.tensor().dim(2);
        int xImage = dx.tensor().dim(1) * D;
        Launch launch = StreamGrid.matrix(1, B, xImage, StreamGrid.width(D))
                .of(cuda.launch("tokens", "tokens_copy_backward"))
                .output(dx.tensor());
        dy.apply(launch)
                .i32(B)
                .i32(run)
                .i32(xStart)
                .i32(xImage)
                .i32(yStart)
                .i32(yImage)
                .i32(dx.add() ? 1 : 0)
                .run();
    }

    @Override
    public void scaleChannels(Into y, Tensor x, Tensor scale) {
        elementwise.multiply(y, x, scale, scale.dim(0), scale.dim(1));
    }

    @Override
    public void scaleChannelsBackward(Into dscale, Tensor dy, Tensor x) {
        if (dscale == null) {
            return;
        }
        int groups = dscale.tensor().dim(0);
        int D = dscale.tensor().dim(1);
        int rows = x.shape().rows() / groups;
        Sums.Columns shape = new Sums.Columns(groups, rows, D, 0, D, rows * D);
        sums.columns(dscale, launch -> launch.tensor(dy), x, shape, 1);
    }
}
