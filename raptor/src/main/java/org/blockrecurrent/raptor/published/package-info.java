/**
 * Raptors of the official code (KempnerInstitute/raptor), and ours in a form that it reads.
 *
 * <p>Our parameters have the official names, so that nothing is renamed. What the official state dict leaves out (the
 * thresholds between the blocks, the number of heads, the depth) is taken from the attributes of a whole module, from what
 * our own export says beside the tensors, or from the caller.
 */
@NullMarked
package org.blockrecurrent.raptor.published;

import org.jspecify.annotations.NullMarked;
