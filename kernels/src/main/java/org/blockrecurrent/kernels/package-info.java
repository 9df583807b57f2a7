/**
 * The CUDA backend: {@link org.blockrecurrent.kernels.CudaBackend} and its groups of kernels, each of which turns a method
 * of the engine into launches of the kernels in {@code src/main/cuda}. Found by {@link java.util.ServiceLoader}; where CUDA
 * cannot be used its provider says why.
 */
package org.blockrecurrent.kernels;
