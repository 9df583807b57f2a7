package org.blockrecurrent.tensor.backend;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;

/** Kernels that treat every element alike. {@code b (S)} repeats over the leading axes of {@code x (…, S)}. */
public interface ElementwiseKernels {
    /** {@code y = a + b}: {@code (…, S), (S) → (…, S)}. */
    void add(Tensor y, Tensor a, Tensor b);

    /** {@code y ← y + x}, same size. */
    void addInto(Tensor y, Tensor x);

    /** {@code y = a ⊙ b}: {@code (…, S), (S) → (…, S)}. */
    void multiply(Into y, Tensor a, Tensor b);

    /** {@code y = factor · x}. */
    void scale(Into y, Tensor x, float factor);

    /** {@code y = f(x)}. */
    void activation(Tensor y, Tensor x, Activation f);

    /** {@code dx = dy ⊙ f′(x)}. */
    void activationBackward(Into dx, Tensor dy, Tensor x, Activation f);

    /** {@code y = silu(gate) ⊙ up} with {@code x = [gate | up]}: {@code (…, 2F) → (…, F)}. */
    void swiGlu(Tensor y, Tensor x);

    /** {@code dgate = dy ⊙ up ⊙ silu′(gate)}, {@code dup = dy ⊙ silu(gate)}: {@code (…, F), (…, 2F) → (…, 2F)}. */
    void swiGluBackward(Into dx, Tensor dy, Tensor x);
}
