package org.blockrecurrent.kernels;

import java.util.function.Function;

/**
 * A kernel at a size that it is made for, and the least that its algorithm moves to and from global memory.
 *
 * @param kernel what is counted, all its launches together
 * @param size for people, such as {@code M=2088 D=768}
 * @param formula of the least number of floats
 * @param floats its value
 * @param prepare allocates and fills what the call needs, and returns the call that launches the kernel
 */
record StreamCase(String kernel, String size, String formula, long floats, Function<CudaBackend, Runnable> prepare) {
    @Override
    public String toString() {
        return kernel + ", " + size;
    }
}
