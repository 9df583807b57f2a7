/** Training of Raptors in two stages: each block inside its phase, then all blocks joined. */
package org.blockrecurrent.raptor.training;
