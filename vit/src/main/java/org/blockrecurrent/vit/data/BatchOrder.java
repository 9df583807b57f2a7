package org.blockrecurrent.vit.data;

import org.blockrecurrent.tensor.random.Philox;

/** In which order an epoch shows the images: a permutation that depends on seed and epoch alone. */
public record BatchOrder(int count, long seed) {

  /** The images 0 … count−1 as epoch {@code epoch} (from 0) shows them. */
  public int[] permutation(int epoch) {
    return new Philox(seed, Philox.streamOf("batch order"), epoch).permutation(count);
  }
}
