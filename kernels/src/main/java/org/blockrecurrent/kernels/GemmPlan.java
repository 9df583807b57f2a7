package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.Launch;

/**
 * How a product is cut (gemm.cu): into tiles of the result, one a block, and where that leaves most of the GPU idle also
 * into slices of K, whose results are added up afterwards.
 *
 * <p>A tile of either size sums in the same order, so the choice may depend on the device. The slices are the order of the
 * sum: they follow from the sizes alone, and a product has the same bits on every GPU.
 *
 * @param tile rows and columns of a tile
 * @param tiles of the result
 * @param slices of K
 * @param slice steps of k in a slice; in the last one what is left
 */
record GemmPlan(int tile, long tiles, int slices, int slice) {
    private static final int LARGE = 128;
    private static final int SMALL = 64;
    /** Steps of k between two barriers of the kernel. */
    private static final int SLAB = 16;
    /** What tiles and slices together should not exceed: two blocks on each multiprocessor of an H100. */
    private static final int ENOUGH_BLOCKS = 264;
    /** Shorter slices would not be worth writing and reading their results. */
    private static final int LEAST_SLICE = 512;

    /** For a product (M, K) · (K, N): large tiles where they are full and give every multiprocessor one. */
    static GemmPlan ofTiles(int M, int N, int K, int multiprocessors) {
        int tile = areFull(M, N) && tiles(M, N, LARGE) >= multiprocessors ? LARGE : SMALL;
        return new GemmPlan(tile, tiles(M, N, tile), 1, Math.max(1, K));
    }

    /** For a product whose K is long, as in the gradient of a weight: large tiles where they are full, slices to fill the GPU. */
    static GemmPlan ofSlices(int M, int N, int K) {
        int tile = areFull(M, N) ? LARGE : SMALL;
        long tiles = tiles(M, N, tile);
        long wanted = Math.max(1, Math.min(ENOUGH_BLOCKS / Math.max(1, tiles), K / LEAST_SLICE));
        int slice = (int) StreamGrid.pieces(StreamGrid.pieces(Math.max(1, K), wanted), SLAB) * SLAB;
        return new GemmPlan(tile, tiles, (int) Math.max(1, StreamGrid.pieces(K, slice)), slice);
    }

    /** Large tiles do a quarter more work than small ones, at most, for what they reach over the edges. */
    private static boolean areFull(int M, int N) {
        return 4 * tiles(M, N, LARGE) <= 1.25 * tiles(M, N, SMALL);
    }

    private static long tiles(int M, int N, int tile) {
        return StreamGrid.pieces(M, tile) * StreamGrid.pieces(N, tile);
    }

    /** Floats of all slices together, or 0 if there is but one, which is the result. */
    int scratch(int M, int N) {
        return slices == 1 ? 0 : Math.multiplyExact(slices, Math.multiplyExact(M, N));
    }

    /** A launch with this grid and block. */
    Launch of(Launch launch) {
        return launch.grid(tiles, slices).block(tile == LARGE ? 256 : 128);
    }
}
