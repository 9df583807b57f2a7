package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Storage;
import org.blockrecurrent.tensor.backend.AttentionKernels;
import org.blockrecurrent.tensor.backend.ElementwiseKernels;
import org.blockrecurrent.tensor.backend.LossKernels;
import org.blockrecurrent.tensor.backend.MatmulKernels;
import org.blockrecurrent.tensor.backend.NormKernels;
import org.blockrecurrent.tensor.backend.OptimizerKernels;
import org.blockrecurrent.tensor.backend.ReduceKernels;
import org.blockrecurrent.tensor.backend.TokenKernels;

/** The NVIDIA GPU. All its work runs in order on one stream; only reading a tensor waits for it. */
public final class CudaBackend extends Backend {
    private final ElementwiseKernels elementwise;
    private final MatmulKernels matmul;
    private final NormKernels norm;
    private final AttentionKernels attention;
    private final ReduceKernels reduce;
    private final TokenKernels tokens;
    private final LossKernels loss;
    private final OptimizerKernels optimizer;

    CudaBackend(CudaLauncher cuda) {
        elementwise = new CudaElementwise(cuda);
        matmul = new CudaMatmul(cuda);
        norm = new CudaNorm(cuda);
        attention = new CudaAttention(cuda);
        reduce = new CudaReduce(cuda);
        tokens = new CudaTokens(cuda);
        loss = new CudaLoss(cuda);
        optimizer = new CudaOptimizer(cuda);
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String description() {
        throw notYet();
    }

    @Override
    public ElementwiseKernels elementwise() {
        return elementwise;
    }

    @Override
    public MatmulKernels matmul() {
        return matmul;
    }

    @Override
    public NormKernels norm() {
        return norm;
    }

    @Override
    public AttentionKernels attention() {
        return attention;
    }

    @Override
    public ReduceKernels reduce() {
        return reduce;
    }

    @Override
    public TokenKernels tokens() {
        return tokens;
    }

    @Override
    public LossKernels loss() {
        return loss;
    }

    @Override
    public OptimizerKernels optimizer() {
        return optimizer;
    }

    @Override
    protected Storage newStorage(int size) {
        throw notYet();
    }

    @Override
    public void write(Storage target, float[] values) {
        throw notYet();
    }

    @Override
    public void read(Storage source, float[] values) {
        throw notYet();
    }

    @Override
    public void read(Storage source, double[] values) {
        throw notYet();
    }

    @Override
    public void fill(Storage target, float value) {
        throw notYet();
    }

    @Override
    public void copy(Storage target, Storage source) {
        throw notYet();
    }

    @Override
    public long peakBytes() {
        throw notYet();
    }

    private static UnsupportedOperationException notYet() {
        return new UnsupportedOperationException("the driver layer is not written yet");
    }
}
