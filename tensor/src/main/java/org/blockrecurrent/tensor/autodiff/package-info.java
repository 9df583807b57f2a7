/**
 * Reverse-mode differentiation. Gradients are a returned value keyed by identity: nothing is stored in a tensor, nothing
 * needs zeroing, and a parameter that is used many times has one gradient buffer that its uses add to.
 */
package org.blockrecurrent.tensor.autodiff;
