package org.blockrecurrent.tensor.backend;

/** Elementwise non-linearities. */
public enum Activation {
    /** {@code x · Φ(x)} with the exact normal distribution function, as in DINOv2; not its tanh approximation. */
    GELU,
    /** {@code x · σ(x)}, also called swish. */
    SILU
}
