/**
 * The CUDA driver as the kernel groups need it: launches, memory, copies, all in the order of one stream. It knows
 * addresses, sizes and streams, and of tensors only what its messages need.
 *
 * <p>{@code RAPTOR_CUBLAS_LIBRARY} (environment) or {@code raptor.cublas.library} (system property) names a {@code
 * libcublas.so.12} in an odd place. The system property {@code raptor.cuda.sync=true} makes every launch wait for its
 * kernel, so that a kernel that fails is named at once.
 */
package org.blockrecurrent.kernels.driver;
