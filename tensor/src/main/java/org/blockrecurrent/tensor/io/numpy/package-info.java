/** NumPy's files: {@code .npy} read and written, {@code .npz} read. Arrays of objects, which are pickles, are refused. */
package org.blockrecurrent.tensor.io.numpy;
