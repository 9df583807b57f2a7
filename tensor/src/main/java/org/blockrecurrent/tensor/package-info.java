/**
 * Arrays, automatic differentiation and layers, in pure Java.
 *
 * <p>Conventions that every class of this module obeys: tensors are contiguous and row-major; shapes are written
 * {@code (B, N, D)} with B images in the batch, N tokens, D channels; a gradient is named after its tensor with a
 * {@code d} in front ({@code dx}, {@code dweight}); one thread drives a backend, and the backend uses others inside a
 * kernel only.
 */
package org.blockrecurrent.tensor;
