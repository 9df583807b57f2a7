package org.blockrecurrent.tensor.backend.vector;

/**
 * How the (M, N) result of a product is cut into chunks: {@code rowBlocks × columnBlocks}, at multiples of the register
 * tile. A block's part of A and of B should stay in the second-level cache, there should be a few chunks for each thread,
 * and of the ways to have that the one that reads A and B least often is taken. Results do not depend on the choice.
 */
record Grid(int M, int N, int height, int width, int rowBlocks, int columnBlocks) {
    private static final int CHUNKS_PER_THREAD = 4;
    /** Most tiles in a block of rows, for short and long rows of A. */
    private static final int SHORT_TILES = 11;

    private static final int LONG_TILES = 22;
    private static final int LONG = 512;
    /** What bringing a row of A into strips costs, in readings of a column of B. */
    private static final double PACKING = 4;

    static Grid of(int height, int width, int M, int N, int depth, int mostPanels, int threads) {
        int mostTiles = depth >= LONG ? LONG_TILES : SHORT_TILES;
        int tiles = Math.max(1, ceil(M, height));
        int panels = Math.max(1, ceil(N, width));
        int wanted = threads == 1 ? 1 : CHUNKS_PER_THREAD * threads;
        Grid best = null;
        double least = Double.MAX_VALUE;
        for (int columns = 1 + (panels - 1) / mostPanels; columns <= panels; columns++) {
            int rows = Math.min(tiles, Math.max(ceil(tiles, mostTiles), ceil(wanted, columns)));
            double idle = rows * columns < wanted ? (double) wanted / (rows * columns) : 1;
            double unequal = (double) ceil(panels, columns) * columns / panels;
            double reads = (PACKING * columns * M + (double) rows * N) * unequal * idle;
            if (reads < least) {
                least = reads;
                best = new Grid(M, N, height, width, rows, columns);
            }
        }
        return best;
    }

    int chunks() {
        return rowBlocks * columnBlocks;
    }

    int rowFrom(int chunk) {
        return rowLimit(chunk / columnBlocks);
    }

    int rowTo(int chunk) {
        return rowLimit(chunk / columnBlocks + 1);
    }

    int columnFrom(int chunk) {
        return columnLimit(chunk % columnBlocks);
    }

    int columnTo(int chunk) {
        return columnLimit(chunk % columnBlocks + 1);
    }

    private int rowLimit(int block) {
        return Math.min(M, (int) ((long) ceil(M, height) * block / rowBlocks) * height);
    }

    private int columnLimit(int block) {
        return Math.min(N, (int) ((long) ceil(N, width) * block / columnBlocks) * width);
    }

    private static int ceil(int n, int unit) {
        return (n + unit - 1) / unit;
    }
}
