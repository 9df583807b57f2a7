package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.Scratch;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.NormKernels;

/** Layer normalization on the GPU: layer_norm.cu. */
final class CudaNorm implements NormKernels {
    private final CudaLauncher cuda;
    private final Sums sums;

    CudaNorm(CudaLauncher cuda) {
        this.cuda = cuda;
        this.sums = new Sums(cuda);
    }

    @Override
    public void layerNorm(Tensor y, Tensor mean, Tensor rstd, Tensor x, Tensor weight, Tensor bias, float eps) {
        int rows = x.shape().rows();
        int D = x.shape().last();
        StreamGrid.rows(rows, D)
                .of(cuda.launch("layer_norm", "layer_norm_forward"))
                .output(y)
                .output(mean)
                .output(rstd)
                .tensor(x)
                .tensor(weight)
                .tensor(bias)
                .f32(eps)
                .i32(rows)
                .i32(D)
                .run();
    }

    /** Every group of threads leaves its part of dweight and dbias; their sums follow. */
    @Override
    public void layerNormBackward(
            Into dx, Into dweight, Into dbias, Tensor dy, Tensor x, Tensor weight, Tensor mean, Tensor rstd) {
        int D = x.shape().last();
        if (dweight == null && dbias == null) {
            backward(dx, null, null, dy, x, weight, mean, rstd);
            return;
        }
        int groups = StreamGrid.rows(x.shape().rows(), D).rowGroups();
        try (Scratch weightSums = cuda.scratch(groups * D);
                Scratch biasSums = cuda.scratch(groups * D)) {
            backward(dx, weightSums, biasSums, dy, x, weight, mean, rstd);
            sums.columns(dweight, launch -> launch.scratch(weightSums), null, Sums.Columns.of(groups, D), 1);
            sums.columns(dbias, launch -> launch.scratch(biasSums), null, Sums.Columns.of(groups, D), 1);
        }
    }

    private void backward(
            Into dx,
            Scratch weightSums,
            Scratch biasSums,
            Tensor dy,
            Tensor x,
            Tensor weight,
            Tensor mean,
            Tensor rstd) {
        int rows = x.shape().rows();
        int D = x.shape().last();
        StreamGrid.rows(rows, D)
                .of(cuda.launch("layer_norm", "layer_norm_backward"))
                .output(dx == null ? null : dx.tensor())
                .scratch(weightSums)
                .scratch(biasSums)
                .tensor(dy)
                .tensor(x)
                .tensor(weight)
                .tensor(mean)
                .tensor(rstd)
                .i32(rows)
                .i32(D)
                .i32(dx != null && dx.add() ? 1 : 0)
                .run();
    }
}
