/** Counter-based randomness: a draw is a function of seed, stream, step and index, and of nothing that happened before. */
package org.blockrecurrent.tensor.random;
