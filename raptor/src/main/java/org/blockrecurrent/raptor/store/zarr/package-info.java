/**
 * Zarr 2 arrays of floats: a folder with a {@code .zarray} and one file a chunk, plain or as Blosc 1 frames.
 *
 * <p>Every file is untrusted: sizes are checked against each other and against the file before anything is allocated, and
 * what is wrong is said by one {@link org.blockrecurrent.tensor.io.FormatException} that names the file. A chunk that is
 * missing is an error, where Zarr's own readers give the fill value.
 *
 * <p>Source: the Zarr 2 specification and c-blosc 1.21 (its header and the streams of a block are described at {@link
 * org.blockrecurrent.raptor.store.zarr.BloscHeader}).
 */
@NullMarked
package org.blockrecurrent.raptor.store.zarr;

import org.jspecify.annotations.NullMarked;
