/**
 * Depth as a dynamical system: measures on trajectories and layer maps, each in a file of its own with its equation, and
 * the baselines that each is shown beside.
 *
 * <p>Conventions. A trajectory is the states x₀ … x_L of a batch, each (B, N, D); the layer index ℓ is discrete time. Because
 * norms grow with depth, measures look at directions {@code x̂ = x / ‖x‖}, the channel vector of one token on the unit
 * sphere; the direction of a zero vector is the zero vector. Angles are in degrees. A measure of a step, such as angular speed,
 * stands at the layer ℓ that the step leaves, as in the paper: its value at ℓ is the work of block ℓ + 1. Sums are taken image
 * by image in double precision, so results do not depend on how the stream is cut into batches.
 *
 * <p>The paper (arXiv 2512.19941, section "Dynamical Interpretability") does not say whether its figures use states before or
 * after the final norm. Measures here read the raw residual stream; to see the other, pass a trajectory of normed states. It
 * does not matter to {@link org.blockrecurrent.dynamics.PerturbationResponse} alone, which follows the layer map itself and
 * must be given raw states.
 */
@NullMarked
package org.blockrecurrent.dynamics;

import org.jspecify.annotations.NullMarked;
