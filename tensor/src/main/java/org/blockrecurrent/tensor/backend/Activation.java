package org.blockrecurrent.tensor.backend;

/** Elementwise non-linearities. */
public enum Activation {
    /** {@code x · Φ(x)} with the exact normal distribution function, as in DINOv2; not its tanh approximation. */
    GELU,
    /** {@code x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³)))}, the approximation of GELU that SigLIP was trained with. */
    GELU_TANH,
    /** {@code x · σ(1.702 x)}, the approximation of GELU that CLIP was trained with. */
    QUICK_GELU,
    /** {@code x · σ(x)}, also called swish. */
    SILU,
    /** {@code tanh(x)}. */
    TANH
}
