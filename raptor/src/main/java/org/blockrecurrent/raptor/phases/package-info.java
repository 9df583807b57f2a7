/** From trajectories to phases: how unlike the layers are, and where to cut. */
package org.blockrecurrent.raptor.phases;
