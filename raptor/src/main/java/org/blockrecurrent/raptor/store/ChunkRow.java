package org.blockrecurrent.raptor.store;

import org.blockrecurrent.raptor.store.zarr.ChunkGrid;
import org.blockrecurrent.raptor.store.zarr.ElementType;
import org.blockrecurrent.raptor.store.zarr.ZarrArray;

/**
 * The states of the images that the chunks of one row hold, decoded: for each layer (images, N, D). A row has all chunks with
 * one index on the first axis: one for each layer as published.
 */
public final class ChunkRow {
    private final ZarrArray array;
    private final float[][] states;

    ChunkRow(ZarrArray array) {
        this.array = array;
        ChunkGrid grid = array.grid();
        int images = Math.min(grid.chunk(0), grid.shape(0));
        states = new float[grid.shape(1)][images * grid.shape(2) * grid.shape(3)];
    }

    /** Bytes that a row takes; as a double, which does not overflow. */
    static double bytes(ChunkGrid grid) {
        double images = Math.min(grid.chunk(0), grid.shape(0));
        return images * grid.shape(1) * grid.shape(2) * grid.shape(3) * Float.BYTES;
    }

    /** Copies the part of a decoded chunk that lies inside the array to its place. */
    void put(long chunk, byte[] numbers) {
        ChunkGrid grid = array.grid();
        int[] index = grid.index(chunk);
        int firstImage = grid.from(index, 0);
        for (int image = firstImage; image < grid.to(index, 0); image++) {
            for (int layer = grid.from(index, 1); layer < grid.to(index, 1); layer++) {
                long source = (long) (image - firstImage) * grid.chunk(1) + layer - grid.from(index, 1);
                putState(index, numbers, (int) source, states[layer], image - firstImage);
            }
        }
    }

    /** One state of one image: {@code source} counts the states of the chunk. */
    private void putState(int[] index, byte[] numbers, int source, float[] into, int image) {
        ChunkGrid grid = array.grid();
        ElementType type = array.metadata().type();
        int width = grid.chunk(3);
        int from = source * grid.chunk(2) * width;
        int to = image * grid.shape(2);
        int channel = grid.from(index, 3);
        int channels = grid.to(index, 3) - channel;
        int tokens = grid.to(index, 2) - grid.from(index, 2);
        int first = (to + grid.from(index, 2)) * grid.shape(3);
        if (channels == width && width == grid.shape(3)) {
            type.read(numbers, from, into, first, tokens * width);
            return;
        }
        for (int token = 0; token < tokens; token++) {
            type.read(numbers, from + token * width, into, first + token * grid.shape(3) + channel, channels);
        }
    }

    /** Copies the state of one image, counted inside the row, to place {@code position} of a batch (B, N, D). */
    public void copy(int image, int layer, float[] batch, int position) {
        int size = array.grid().shape(2) * array.grid().shape(3);
        System.arraycopy(states[layer], image * size, batch, position * size, size);
    }
}
