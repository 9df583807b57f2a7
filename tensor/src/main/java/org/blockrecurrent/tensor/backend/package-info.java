/**
 * What a device must be able to compute, in small groups of kernels.
 *
 * <p>All methods obey one convention: outputs first, then inputs, then constants; every tensor is on this backend;
 * shapes were checked by the op that calls; an output's earlier contents are arbitrary, except that an {@link
 * org.blockrecurrent.tensor.autodiff.Into} with {@code add} set is added to. An output never shares memory with an input
 * unless the method says that it may. An {@code Into} or an output that is null is not computed. Results depend neither
 * on the number of threads nor on the run.
 */
package org.blockrecurrent.tensor.backend;
