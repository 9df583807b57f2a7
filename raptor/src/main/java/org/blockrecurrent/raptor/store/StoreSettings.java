package org.blockrecurrent.raptor.store;

import org.blockrecurrent.raptor.store.StoreCard.Precision;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * How a store is written.
 *
 * @param imagesPerChunk images whose states of one layer make a chunk
 * @param level of zstd, 1 … 9; 0 stores chunks as they are
 * @param precision what the states are rounded to
 */
public record StoreSettings(int imagesPerChunk, int level, Precision precision) {
    private static final int HIGHEST_LEVEL = 9;

    public StoreSettings {
        require(imagesPerChunk > 0, "the images of a chunk must be positive, got " + imagesPerChunk);
        require(level >= 0 && level <= HIGHEST_LEVEL, "the level must be in 0 … " + HIGHEST_LEVEL + ", got " + level);
    }

    /** As published: 128 images, level 3, not rounded. */
    public static StoreSettings published() {
        return new StoreSettings(128, 3, Precision.FLOAT32);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new InvalidInputException("activation store: " + message);
        }
    }
}
