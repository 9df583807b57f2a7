/**
 * The CUDA backend. So far its provider alone, which says what of CUDA this machine has and that this version has no
 * kernels for it yet.
 */
package org.blockrecurrent.kernels;
