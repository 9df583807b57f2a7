/** Linear probes on frozen features. */
package org.blockrecurrent.raptor.probe;
