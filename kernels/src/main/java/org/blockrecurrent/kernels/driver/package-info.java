/**
 * The CUDA driver as the kernel groups need it: launches, memory, copies, all in the order of one stream. It knows
 * addresses, sizes and streams, and of tensors only what its messages need.
 */
package org.blockrecurrent.kernels.driver;
