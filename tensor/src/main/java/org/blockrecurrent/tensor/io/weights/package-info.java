/** Weights of a model, whichever format and however many files they are in. */
package org.blockrecurrent.tensor.io.weights;
