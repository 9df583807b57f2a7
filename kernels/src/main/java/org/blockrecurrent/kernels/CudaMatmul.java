package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.Launch;
import org.blockrecurrent.kernels.driver.Scratch;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.MatmulKernels;

/** Matrix products with their epilogues on the GPU: gemm.cu. {@link GemmPlan} chooses tiles and slices. */
final class CudaMatmul implements MatmulKernels {
    private static final int QUAD = 4;

    private final CudaLauncher cuda;
    private final int multiprocessors;
    private final Sums sums;
    private final CudaElementwise elementwise;

    CudaMatmul(CudaLauncher cuda) {
        this(cuda, cuda.device().multiprocessors());
    }

    /** Chooses tiles as for a device with that many multiprocessors. */
    CudaMatmul(CudaLauncher cuda, int multiprocessors) {
        this.cuda = cuda;
        this.multiprocessors = multiprocessors;
        this.sums = new Sums(cuda);
        this.elementwise = new CudaElementwise(cuda);
    }

    @Override
    public void matmul(Into c, Tensor a, Tensor b, Layout layout) {
        if (c == null) {
            return;
        }
        switch (layout) {
            case TN -> linear(c, a, b, null);
            case NN -> productOfRows(c, a, b);
            case NT -> productOfColumns(c, a, b);
        }
    }

    @Override
    public void linear(Tensor y, Tensor x, Tensor weight, Tensor bias) {
        linear(new Into(y, false), x, weight, bias);
    }

    /** {@code y (+)= x Wᵀ + bias}. */
    private void linear(Into y, Tensor x, Tensor weight, Tensor bias) {
        int M = y.tensor().shape().rows();
        int N = y.tensor().shape().last();
        int K = x.shape().last();
        launch("gemm_linear", plan(M, N, K))
                .output(y.tensor())
                .tensor(x)
                .tensor(weight)
                .tensor(bias)
                .i32(M)
                .i32(N)
                .i32(K)
                .i32(y.add() ? 1 : 0)
                .run();
    }

    /** GELU is fused; the rarer ones follow the product in a kernel of their own. */
    @Override
    public void linearActivation(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias, Activation f) {
        if (f == Activation.GELU) {
            linearGelu(y, u, x, weight, bias);
        } else {
            Tensor product = u == null ? y : u;
            linear(product, x, weight, bias);
            elementwise.activation(y, product, f);
        }
    }

    private void linearGelu(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias) {
        int M = y.shape().rows();
        int N = y.shape().last();
        int K = x.shape().last();
        launch("gemm_linear_gelu", plan(M, N, K))
                .output(y)
                .output(u)
                .tensor(x)
                .tensor(weight)
                .tensor(bias)
                .i32(M)
                .i32(N)
                .i32(K)
                .run();
    }

    /** A tile holds as many gates as ups, so there are as many tiles as for a result that is 2F wide. */
    @Override
    public void linearSwiGlu(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias) {
        int M = y.shape().rows();
        int F = y.shape().last();
        int K = x.shape().last();
        launch("gemm_linear_swiglu", plan(M, 2 * F, K))
                .output(y)
                .output(u)
                .tensor(x)
                .tensor(weight)
                .tensor(bias)
                .i32(M)
                .i32(F)
                .i32(K)
                .run();
    }

    @Override
    public void linearResidual(
            Tensor y, Tensor z, Tensor residual, Tensor scale, Tensor x, Tensor weight, Tensor bias) {
        int M = y.shape().rows();
        int N = y.shape().last();
        int K = x.shape().last();
        int groups = scale == null ? 1 : Math.max(1, scale.dim(0));
        launch("gemm_linear_residual", plan(M, N, K))
                .output(y)
                .output(z)
                .tensor(residual)
                .tensor(scale)
                .tensor(x)
                .tensor(weight)
                .tensor(bias)
                .i32(M)
                .i32(N)
                .i32(K)
                .i32(M / groups)
                .run();
    }

    @Override
    public void linearBackwardWeight(Into dweight, Into dbias, Tensor dy, Tensor x) {
        if (dweight != null) {
            productOfColumns(dweight, dy, x);
        }
        Sums.Columns rows = Sums.Columns.of(dy.shape().rows(), dy.shape().last());
        sums.columns(dbias, launch -> launch.tensor(dy), null, rows, 1);
    }

    /** NN: {@code c (+)= a b}. */
    private void productOfRows(Into c, Tensor a, Tensor b) {
        int M = c.tensor().shape().rows();
        int N = c.tensor().shape().last();
        int K = a.shape().last();
        launch(N % QUAD == 0 ? "gemm_nn" : "gemm_nn_any", plan(M, N, K))
                .output(c.tensor())
                .tensor(a)
                .tensor(b)
                .i32(M)
                .i32(N)
                .i32(K)
                .i32(c.add() ? 1 : 0)
                .run();
    }

    /** NT: {@code c (+)= aᵀ b}, in one pass or in slices that are then added up. */
    private void productOfColumns(Into c, Tensor a, Tensor b) {
        int M = a.shape().last();
        int N = b.shape().last();
        GemmPlan plan = GemmPlan.ofSlices(M, N, a.shape().rows());
        if (plan.slices() == 1) {
            slices(plan, launch -> launch.output(c.tensor()), a, b, c.add());
            return;
        }
        try (Scratch partial = cuda.scratch(plan.scratch(M, N))) {
            slices(plan, launch -> launch.scratch(partial), a, b, false);
            Sums.Columns shape = Sums.Columns.of(plan.slices(), M * N);
            sums.columns(c, launch -> launch.scratch(partial), null, shape, 1);
        }
    }

    private void slices(GemmPlan plan, Sums.Address c, Tensor a, Tensor b, boolean add) {
        int M = a.shape().last();
        int N = b.shape().last();
        boolean isAligned = M % QUAD == 0 && N % QUAD == 0;
        c.apply(launch(isAligned ? "gemm_nt" : "gemm_nt_any", plan))
                .tensor(a)
                .tensor(b)
                .i32(M)
                .i32(N)
                .i32(a.shape().rows())
                .i32(plan.slice())
                .i32(add ? 1 : 0)
                .run();
    }

    private GemmPlan plan(int M, int N, int K) {
        return GemmPlan.ofTiles(M, N, K, multiprocessors);
    }

    private Launch launch(String kernel, GemmPlan plan) {
        return plan.of(cuda.launch("gemm", kernel + "_" + plan.tile()));
    }
}
