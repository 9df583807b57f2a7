/** Weights of a model, whichever format and however many files they are in. */
@NullMarked
package org.blockrecurrent.tensor.io.weights;

import org.jspecify.annotations.NullMarked;
