/**
 * The operations: one file each, forward and backward on one screen. An op checks shapes, allocates its output, calls a
 * kernel and records itself; a fused op names the unfused composition that it equals, which is its documentation and its
 * test oracle at once.
 */
package org.blockrecurrent.tensor.op;
