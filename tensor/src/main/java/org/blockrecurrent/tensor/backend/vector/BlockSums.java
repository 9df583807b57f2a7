package org.blockrecurrent.tensor.backend.vector;

/**
 * Sums of many elements: blocks of {@value #BLOCK} in single precision, their sums added in order in double precision. The
 * blocks do not depend on the threads.
 */
final class BlockSums {
    static final int BLOCK = 4096;

    private BlockSums() {}

    /** The sum of one block. */
    @FunctionalInterface
    interface Block {
        double sum(int from, int n);
    }

    /** Sum over elements 0 … n−1. */
    static double sum(Resources resources, int n, Block block) {
        int blocks = (n + BLOCK - 1) / BLOCK;
        double[] sums = new double[blocks];
        resources.chunks(
                blocks,
                64L * n,
                (chunk, member) -> sums[chunk] = block.sum(chunk * BLOCK, Math.min(BLOCK, n - chunk * BLOCK)));
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }
}
