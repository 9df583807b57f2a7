/** Python's pickles as inert data. Nothing in a pickle can load a class, call anything or open anything. */
@NullMarked
package org.blockrecurrent.tensor.io.pickle;

import org.jspecify.annotations.NullMarked;
