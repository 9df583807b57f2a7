/**
 * What the claims are held against: partitions by chance, a teacher that nobody trained, no computation at all, layers
 * that stand in for one another.
 */
package org.blockrecurrent.raptor.controls;
