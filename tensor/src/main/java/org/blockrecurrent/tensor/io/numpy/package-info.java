/** NumPy's files: {@code .npy} read and written, {@code .npz} read. Arrays of objects, which are pickles, are refused. */
@NullMarked
package org.blockrecurrent.tensor.io.numpy;

import org.jspecify.annotations.NullMarked;
