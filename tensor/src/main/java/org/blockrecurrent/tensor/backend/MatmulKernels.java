package org.blockrecurrent.tensor.backend;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;

/**
 * Matrix products and the linear layers built on them, with what follows a product fused into it. M counts rows of
 * {@code x} (all axes but the last), K its channels, N the channels of {@code y}; a weight is {@code (N, K)}. Biases may
 * be null.
 */
public interface MatmulKernels {
    /** Which operand is transposed. The gradient of each layout is a product in the other two. */
    enum Layout {
        /** {@code C = A Bᵀ}: {@code (M, K), (N, K) → (M, N)}; a linear layer's forward pass. */
        TN,
        /** {@code C = A B}: {@code (M, K), (K, N) → (M, N)}; the gradient of its input. */
        NN,
        /** {@code C = Aᵀ B}: {@code (K, M), (K, N) → (M, N)}; the gradient of its weight. */
        NT
    }

    /** {@code c = op(a) op(b)}; leading axes of a and b are taken as one. */
    void matmul(Into c, Tensor a, Tensor b, Layout layout);

    /** {@code y = x Wᵀ + bias}. */
    void linear(Tensor y, Tensor x, Tensor weight, Tensor bias);

    /** {@code u = x Wᵀ + bias, y = f(u)}; u (M, N) is what backward needs and may be null. */
    void linearActivation(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias, Activation f);

    /** {@code [gate | up] = u = x Wᵀ + bias, y = silu(gate) ⊙ up}; W (2F, K), u (M, 2F) or null, y (M, F). */
    void linearSwiGlu(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias);

    /**
     * {@code z = x Wᵀ + bias, y = residual + scale ⊙ z}. The scale (G, N) holds one row for each of G equal groups of
     * rows (G = 1 for LayerScale, G = B for a scale of each image) and is 1 if null; z (M, N) is what the gradient of the
     * scale needs and may be null.
     */
    void linearResidual(Tensor y, Tensor z, Tensor residual, Tensor scale, Tensor x, Tensor weight, Tensor bias);

    /** {@code dweight = dyᵀ x (N, K)} and {@code dbias = Σ rows of dy (N)}; either may be null. */
    void linearBackwardWeight(Into dweight, Into dbias, Tensor dy, Tensor x);
}
