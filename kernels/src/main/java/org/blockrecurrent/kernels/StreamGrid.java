package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.Launch;

/**
 * Grid and block of a kernel that streams: every byte is moved once, so all that matters is that neighbouring threads take
 * neighbouring floats, four each where rows are 16-byte aligned, and that there are enough threads. It follows from the
 * sizes alone, never from the device: so do the order of sums and their bits.
 */
record StreamGrid(long gridX, int gridY, int gridZ, int blockX, int blockY) {
    private static final int THREADS = 256;
    private static final int QUAD = 4;
    private static final int WARP = 32;
    private static final int MOST_ROW_THREADS = 1024;
    /** Threads of a block that go down the rows side by side, where the columns alone would leave the GPU idle. */
    private static final int MOST_ROW_LANES = 8;
    /** Rows that one thread takes in turn, where there are enough for everybody. */
    private static final int MOST_TURNS = 8;
    /** With fewer blocks than this, a thread takes fewer rows. */
    private static final int ENOUGH_BLOCKS = 256;

    private static final int MOST_BLOCKS_YZ = 65535;

    /** Single elements, four to a thread. */
    static StreamGrid elements(int n) {
        return new StreamGrid(pieces(n, QUAD * THREADS), 1, 1, THREADS, 1);
    }

    /**
     * A matrix, or groups of them: columns along the threads of a warp, {@code width} each, rows down. Threads keep what
     * belongs to their columns from row to row.
     */
    static StreamGrid matrix(int groups, int rows, int columns, int width) {
        StreamGrid shape = columns(groups, rows, columns, width);
        int lanes = (int) pieces(rows, shape.blockY);
        int turns = turns(shape.gridX * groups * lanes);
        int gridY = (int) Math.min(MOST_BLOCKS_YZ, pieces(lanes, turns));
        return new StreamGrid(shape.gridX, gridY, shape.gridZ, shape.blockX, shape.blockY);
    }

    /**
     * Columns along the threads; the rows are left to the blocks of one column. As few threads as needed go down the rows
     * side by side, because each of them reads what belongs to its columns.
     */
    static StreamGrid columns(int groups, int rows, int columns, int width) {
        long packs = columns / width;
        int mostLanes = Math.min(MOST_ROW_LANES, Integer.highestOneBit(Math.max(1, rows)));
        int blockY = 1;
        while (blockY < mostLanes && pieces(packs, THREADS / blockY) * groups < ENOUGH_BLOCKS) {
            blockY *= 2;
        }
        while (THREADS / blockY / 2 >= packs && blockY < THREADS) {
            blockY *= 2;
        }
        int blockX = THREADS / blockY;
        return new StreamGrid(pieces(packs, blockX), 1, Math.min(MOST_BLOCKS_YZ, groups), blockX, blockY);
    }

    /** Whole rows, each held by a group of threads, four floats a thread (common.cuh, {@code Row}). */
    static StreamGrid rows(int rows, int columns) {
        int threads = Math.max(1, (int) pieces(columns, QUAD * WARP)) * WARP;
        int blockX = Math.min(MOST_ROW_THREADS, threads);
        int blockY = Math.max(1, THREADS / blockX);
        long lanes = pieces(rows, blockY);
        return new StreamGrid(pieces(lanes, turns(lanes)), 1, 1, blockX, blockY);
    }

    /** 4 where all extents are multiples of 4, and so every address 16-byte aligned; else 1. */
    static int width(int... extents) {
        for (int extent : extents) {
            if (extent % QUAD != 0) {
                return 1;
            }
        }
        return QUAD;
    }

    /** How many pieces of that size cover n. */
    static long pieces(long n, long size) {
        return (n + size - 1) / size;
    }

    /** Number of groups of threads, for kernels that give each group a row of its own to write to. */
    int rowGroups() {
        return Math.toIntExact(gridX * blockY);
    }

    /** A launch with this grid and block. */
    Launch of(Launch launch) {
        return launch.grid(gridX, gridY, gridZ).block(blockX, blockY);
    }

    private static int turns(long blocks) {
        return (int) Math.max(1, Math.min(MOST_TURNS, blocks / ENOUGH_BLOCKS));
    }
}
