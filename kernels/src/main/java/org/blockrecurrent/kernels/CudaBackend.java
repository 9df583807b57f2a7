package org.blockrecurrent.kernels;

import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.kernels.driver.Cublas;
import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.DeviceProperties;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
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
    private final CudaLauncher cuda;
    private final Gemm gemm;
    private final ElementwiseKernels elementwise;
    private final MatmulKernels matmul;
    private final NormKernels norm;
    private final AttentionKernels attention;
    private final ReduceKernels reduce;
    private final TokenKernels tokens;
    private final LossKernels loss;
    private final OptimizerKernels optimizer;

    private CudaBackend(CudaLauncher cuda, Gemm gemm) {
        this.cuda = cuda;
        this.gemm = gemm;
        elementwise = new CudaElementwise(cuda);
        matmul = gemm == Gemm.CUBLAS ? new CublasMatmul(this, Cublas.open(cuda)) : new CudaMatmul(cuda);
        norm = new CudaNorm(cuda);
        attention = new CudaAttention(cuda);
        reduce = new CudaReduce(cuda);
        tokens = new CudaTokens(cuda);
        loss = new CudaLoss(cuda);
        optimizer = new CudaOptimizer(cuda);
    }

    /**
     * Opens the first CUDA device. Throws {@link org.blockrecurrent.kernels.driver.CudaUnavailableException} if it cannot
     * be used, or cuBLAS is asked for and cannot.
     *
     * @param libraries driver libraries to load first, where the loader would not find them
     */
    static CudaBackend open(List<Path> libraries, Gemm gemm) {
        CudaLauncher cuda = CudaLauncher.open(libraries);
        try {
            return new CudaBackend(cuda, gemm);
        } catch (RuntimeException e) {
            cuda.close();
            throw e;
        }
    }

    /** What {@code doctor} prints. */
    List<String> diagnose() {
        return new CudaDiagnostics(this, cuda).lines();
    }

    /** What its kernels launch with. */
    CudaLauncher launcher() {
        return cuda;
    }

    /** Whose matrix products it uses. */
    Gemm gemm() {
        return gemm;
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String description() {
        DeviceProperties device = cuda.device();
        return "cuda: " + device.name() + ", compute capability " + device.capability() + ", driver for CUDA "
                + device.cudaVersion() + ", matrix products by " + gemm;
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
    protected Storage newStorage(Shape shape) {
        return cuda.allocate(shape);
    }

    @Override
    public void write(Storage target, float[] values) {
        cuda.write(target, values);
    }

    @Override
    public void read(Storage source, float[] values) {
        cuda.read(source, values);
    }

    @Override
    public void read(Storage source, double[] values) {
        cuda.read(source, values);
    }

    @Override
    public void fill(Storage target, float value) {
        cuda.fill(target, value);
    }

    @Override
    public void copy(Storage target, Storage source) {
        cuda.copy(target, source);
    }

    @Override
    public long peakBytes() {
        return cuda.peakBytes();
    }

    /** Pieces of memory that the driver had to allocate so far: constant once what is computed repeats. */
    public long freshBlocks() {
        return cuda.freshBlocks();
    }

    @Override
    public void close() {
        super.close();
        try {
            if (matmul instanceof CublasMatmul cublas) {
                cublas.close();
            }
        } finally {
            cuda.close();
        }
    }
}
