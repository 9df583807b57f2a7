/**
 * Zip archives, read strictly and in place: the container of PyTorch's files and of {@code .npz}.
 *
 * <p>Source of the layout: PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.4. Of what it allows, only what the writers of these
 * formats use is accepted.
 */
@NullMarked
package org.blockrecurrent.tensor.io.zip;

import org.jspecify.annotations.NullMarked;
