package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.Cublas;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.MatmulKernels;

/**
 * Matrix products by NVIDIA's cuBLAS ({@code --gemm cublas}): the baseline that {@link CudaMatmul} is measured against.
 * What follows a product is not fused into it but done by the backend's other kernels.
 */
final class CublasMatmul implements MatmulKernels, AutoCloseable {
    private final Backend backend;
    private final Cublas cublas;

    CublasMatmul(Backend backend, Cublas cublas) {
        this.backend = backend;
        this.cublas = cublas;
    }

    @Override
    public void matmul(Into c, Tensor a, Tensor b, Layout layout) {
        switch (layout) {
            case TN ->
                multiply(
                        c,
                        a,
                        false,
                        b,
                        true,
                        a.shape().rows(),
                        b.shape().rows(),
                        a.shape().last());
            case NN ->
                multiply(
                        c,
                        a,
                        false,
                        b,
                        false,
                        a.shape().rows(),
                        b.shape().last(),
                        a.shape().last());
            case NT ->
                multiply(
                        c,
                        a,
                        true,
                        b,
                        false,
                        a.shape().last(),
                        b.shape().last(),
                        a.shape().rows());
        }
    }

    private void multiply(Into c, Tensor a, boolean transposeA, Tensor b, boolean transposeB, int m, int n, int k) {
        if (k == 0 && !c.add()) {
            backend.fill(c.tensor().storage(), 0);
        }
        if (m > 0 && n > 0 && k > 0) {
            cublas.multiply(c.tensor(), c.add(), a, transposeA, b, transposeB, m, n, k);
        }
    }

    @Override
    public void linear(Tensor y, Tensor x, Tensor weight, Tensor bias) {
        if (bias == null) {
            matmul(new Into(y, false), x, weight, Layout.TN);
            return;
        }
        try (Scope temporary = backend.openScope()) {
            Tensor product = backend.empty(y.shape());
            matmul(new Into(product, false), x, weight, Layout.TN);
            backend.elementwise().add(y, product, bias);
        }
    }

    @Override
    public void linearGelu(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias) {
        try (Scope temporary = backend.openScope()) {
            Tensor kept = u == null ? backend.empty(y.shape()) : u;
            linear(kept, x, weight, bias);
            backend.elementwise().activation(y, kept, Activation.GELU);
        }
    }

    @Override
    public void linearSwiGlu(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias) {
        try (Scope temporary = backend.openScope()) {
            Tensor kept = u == null ? backend.empty(y.shape().withLast(weight.dim(0))) : u;
            linear(kept, x, weight, bias);
            backend.elementwise().swiGlu(y, kept);
        }
    }

    @Override
    public void linearResidual(
            Tensor y, Tensor z, Tensor residual, Tensor scale, Tensor x, Tensor weight, Tensor bias) {
        try (Scope temporary = backend.openScope()) {
            Tensor kept = z == null ? backend.empty(y.shape()) : z;
            linear(kept, x, weight, bias);
            backend.elementwise().add(y, residual, scaled(kept, scale));
        }
    }

    private Tensor scaled(Tensor z, Tensor scale) {
        if (scale == null) {
            return z;
        }
        Tensor scaled = backend.empty(z.shape());
        backend.tokens().scaleChannels(new Into(scaled, false), z, scale);
        return scaled;
    }

    @Override
    public void linearBackwardWeight(Into dweight, Into dbias, Tensor dy, Tensor x) {
        if (dweight != null) {
            matmul(dweight, dy, x, Layout.NT);
        }
        if (dbias != null) {
            backend.reduce().sumLeading(dbias, dy);
        }
    }

    @Override
    public void close() {
        cublas.close();
    }
}
