package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.ReduceKernels;

/** Sums in fixed order on the GPU: reduce.cu. */
final class CudaReduce implements ReduceKernels {
    private final CudaLauncher cuda;
    private final Sums sums;

    CudaReduce(CudaLauncher cuda) {
        this.cuda = cuda;
        this.sums = new Sums(cuda);
    }

    @Override
    public void sum(Tensor y, Tensor x, float factor) {
        sums.total(y, launch -> launch.tensor(x), x.size(), factor);
    }

    @Override
    public void spread(Into y, Tensor x, float factor) {
        if (y == null) {
            return;
        }
        int n = y.tensor().size();
        StreamGrid.elements(n)
                .of(cuda.launch("reduce", "reduce_spread"))
                .output(y.tensor())
                .tensor(x)
                .i32(n)
                .f32(factor)
                .i32(y.add() ? 1 : 0)
                .run();
    }

    @Override
    public void sumLeading(Into y, Tensor x) {
        sumLeading(y, x, null);
    }

    @Override
    public void sumLeadingProduct(Into y, Tensor a, Tensor b) {
        sumLeading(y, a, b);
    }

    private void sumLeading(Into y, Tensor a, Tensor b) {
        if (y == null || y.tensor().size() == 0) {
            return;
        }
        int columns = y.tensor().size();
        Sums.Columns shape = Sums.Columns.of(a.size() / columns, columns);
        sums.columns(y, launch -> launch.tensor(a), b, shape, 1);
    }

    @Override
    public void meanTokens(Tensor y, Tensor x, int from, int to) {
        int N = x.dim(1);
        int D = x.dim(2);
        Sums.Columns shape = new Sums.Columns(x.dim(0), to - from, D, from * D, D, N * D);
        sums.columns(new Into(y, false), launch -> launch.tensor(x), null, shape, 1f / (to - from));
    }

    @Override
    public void meanTokensBackward(Into dx, Tensor dy, int from, int to) {
        if (dx == null) {
            return;
        }
        int B = dx.tensor().dim(0);
        int N = dx.tensor().dim(1);
        int D = dx.tensor().dim(2);
        StreamGrid.matrix(B, N, D, StreamGrid.width(D))
                .of(cuda.launch("reduce", "reduce_mean_tokens_backward"))
                .output(dx.tensor())
                .tensor(dy)
                .i32(B)
                .i32(N)
                .i32(D)
                .i32(from)
                .i32(to)
                .i32(dx.add() ? 1 : 0)
                .run();
    }

    @Override
    public void cosine(Tensor y, Tensor a, Tensor b) {
        int rows = a.shape().rows();
        int D = a.shape().last();
        StreamGrid.rows(rows, D)
                .of(cuda.launch("reduce", "reduce_cosine"))
                .output(y)
                .tensor(a)
                .tensor(b)
                .i32(rows)
                .i32(D)
                .run();
    }

    @Override
    public void cosineBackward(Into da, Into db, Tensor dy, Tensor a, Tensor b) {
        int rows = a.shape().rows();
        int D = a.shape().last();
        StreamGrid.rows(rows, D)
                .of(cuda.launch("reduce", "reduce_cosine_backward"))
                .output(da == null ? null : da.tensor())
                .output(db == null ? null : db.tensor())
                .tensor(dy)
                .tensor(a)
                .tensor(b)
                .i32(rows)
                .i32(D)
                .i32(da != null && da.add() ? 1 : 0)
                .i32(db != null && db.add() ? 1 : 0)
                .run();
    }
}
