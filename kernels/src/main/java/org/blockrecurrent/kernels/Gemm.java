package org.blockrecurrent.kernels;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.blockrecurrent.tensor.InvalidInputException;

/** Whose matrix products the backend uses. */
enum Gemm {
    /** The kernels of this product. */
    CUDA,
    /** NVIDIA's library, which must be installed. */
    CUBLAS;

    /** By the name that {@code --gemm} takes; the own kernels if it is empty. */
    static Gemm of(String name) {
        return name.isEmpty()
                ? CUDA
                : Arrays.stream(values())
                        .filter(gemm -> gemm.toString().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new InvalidInputException("--gemm " + name + " is unknown; choose one of "
                                + Arrays.stream(values()).map(Gemm::toString).collect(Collectors.joining(", "))));
    }

    /** The name that {@code --gemm} takes. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
