/** Python's pickles as inert data. Nothing in a pickle can load a class, call anything or open anything. */
package org.blockrecurrent.tensor.io.pickle;
