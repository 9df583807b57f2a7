/**
 * Files: safetensors read strictly and written atomically, checkpoints, JSON.
 *
 * <p>Conventions: every file is untrusted. Memory is bounded by what the file really holds, sizes are checked before
 * anything is allocated, and what is wrong is said by one {@link org.blockrecurrent.tensor.io.FormatException} that names
 * the file. Whatever is written appears under its final name complete or not at all.
 */
package org.blockrecurrent.tensor.io;
