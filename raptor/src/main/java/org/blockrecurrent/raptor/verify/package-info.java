/**
 * Golden values of the official code, computed again: what the tests hold the product against, and what a user may, on any
 * backend, with {@link org.blockrecurrent.raptor.verify.Verification}.
 *
 * <p>A stored value may be an input, or is compared; of a file that holds a value which is neither, a check fails that names
 * it. Values that the official code computed in double precision are compared with the tolerances of the backend, its float
 * values with twice those of floats, because both sides are off.
 */
@NullMarked
package org.blockrecurrent.raptor.verify;

import org.jspecify.annotations.NullMarked;
