/**
 * Activation stores: the states x₀ … x_L of many images on disk, in the format of the published code, so that a Raptor can be
 * trained without computing its teacher's trajectories again in every epoch.
 *
 * <p>{@link org.blockrecurrent.raptor.store.ActivationStore} reads a store, {@link
 * org.blockrecurrent.raptor.store.ActivationWriter} writes one, {@link org.blockrecurrent.raptor.store.StoredTrajectories}
 * feeds a training from it. What a chunk's file looks like is the business of {@code zarr}.
 */
@NullMarked
package org.blockrecurrent.raptor.store;

import org.jspecify.annotations.NullMarked;
