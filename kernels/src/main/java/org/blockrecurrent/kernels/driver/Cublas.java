package org.blockrecurrent.kernels.driver;

import java.util.List;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;
import org.blockrecurrent.tensor.Tensor;

/**
 * NVIDIA's cuBLAS on the stream of a {@link CudaLauncher}: the one class that touches {@link JCublas2}. It computes in
 * strict single precision (no TF32), and without atomics, so that results repeat.
 */
public final class Cublas implements AutoCloseable {
    private final CudaLauncher cuda;
    private final cublasHandle handle = new cublasHandle();
    private boolean isClosed;

    private Cublas(CudaLauncher cuda) {
        this.cuda = cuda;
        cuda.context().enter();
        check("cublasCreate", JCublas2.cublasCreate(handle));
        check("cublasSetStream", JCublas2.cublasSetStream(handle, new cudaStream_t(cuda.stream())));
        check("cublasSetMathMode", JCublas2.cublasSetMathMode(handle, cublasMath.CUBLAS_PEDANTIC_MATH));
    }

    /** Throws {@link CudaUnavailableException} if cuBLAS 12 is not there or does not start. */
    public static Cublas open(CudaLauncher cuda) {
        CublasLibrary library = CublasLibrary.find();
        try {
            NativeLibraries.load(library.version12().map(List::of).orElse(List.of()), "jcuda.jcublas.JCublas2");
        } catch (UnsatisfiedLinkError e) {
            throw new CudaUnavailableException(library.missing(String.valueOf(e.getMessage())));
        }
        JCublas2.setExceptionsEnabled(false);
        try {
            return new Cublas(cuda);
        } catch (CudaException e) {
            throw new CudaUnavailableException("cuBLAS does not start (" + e.getMessage() + "): it needs a few hundred "
                    + "megabytes of free memory on the GPU, and a driver for CUDA 12 or newer");
        }
    }

    /**
     * {@code c = op(a) op(b)}, or added to c, for row-major matrices: {@code op(a)} is (M, K), {@code op(b)} is (K, N).
     * cuBLAS counts by columns, and so takes each row-major matrix for its transpose: {@code cᵀ = op(b)ᵀ op(a)ᵀ}.
     */
    public void multiply(
            Tensor c, boolean add, Tensor a, boolean transposeA, Tensor b, boolean transposeB, int m, int n, int k) {
        CudaStorage target = cuda.own(c.storage());
        cuda.context().enter();
        int status = JCublas2.cublasSgemm(
                handle,
                transposeB ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
                transposeA ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
                n,
                m,
                k,
                Pointer.to(new float[] {1}),
                cuda.own(b.storage()).pointer(),
                transposeB ? k : n,
                cuda.own(a.storage()).pointer(),
                transposeA ? m : k,
                Pointer.to(new float[] {add ? 1 : 0}),
                target.pointer(),
                n);
        target.touch();
        String call = "cublasSgemm of (" + m + ", " + k + ") and (" + k + ", " + n + ")";
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            // cuBLAS does not say why it failed; the driver does, if the context is lost.
            cuda.context().enter().streamSynchronize(cuda.stream(), call);
        }
        check(call, status);
    }

    @Override
    public void close() {
        if (!isClosed && !cuda.context().isLost()) {
            cuda.context().enter();
            check("cublasDestroy", JCublas2.cublasDestroy(handle));
        }
        isClosed = true;
    }

    private static void check(String call, int status) {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw new CudaException(call + " failed: " + cublasStatus.stringFor(status), status);
        }
    }
}
