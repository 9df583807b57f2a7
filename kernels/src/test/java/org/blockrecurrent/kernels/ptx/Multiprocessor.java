package org.blockrecurrent.kernels.ptx;

/**
 * What one multiprocessor offers, by compute capability (CUDA C++ Programming Guide, technical specifications): how many
 * blocks of a kernel it can hold at a time.
 */
enum Multiprocessor {
    /** A100. */
    SM_80(2048, 32, 164),
    /** GeForce RTX 30, A40. */
    SM_86(1536, 16, 100),
    /** GeForce RTX 40, L40. */
    SM_89(1536, 24, 100),
    /** H100, H200. */
    SM_90(2048, 32, 228);

    private static final int WARP = 32;
    private static final int REGISTERS = 65536;
    /** Warps are spread over four partitions, each with a quarter of the registers. */
    private static final int PARTITIONS = 4;
    /** Registers are given to a warp in units of so many. */
    private static final int REGISTER_UNIT = 256;

    private static final int SHARED_UNIT = 128;
    /** Shared memory that the system takes of every block. */
    private static final int SHARED_OF_SYSTEM = 1024;

    private final int threads;
    private final int blocks;
    private final int sharedBytes;

    Multiprocessor(int threads, int blocks, int sharedKilobytes) {
        this.threads = threads;
        this.blocks = blocks;
        this.sharedBytes = sharedKilobytes << 10;
    }

    /** As in the name of a target: 80. */
    String capability() {
        return name().substring("SM_".length());
    }

    /** Share of the possible warps, in percent, that are there when as many blocks as fit are. */
    int occupancy(int blockThreads, int registers, int blockShared) {
        int warps = ceil(blockThreads, WARP);
        return 100 * warps * WARP * residentBlocks(warps, registers, blockShared) / threads;
    }

    private int residentBlocks(int warps, int registers, int blockShared) {
        int warpRegisters = roundUp(registers * WARP, REGISTER_UNIT);
        int byRegisters = REGISTERS / PARTITIONS / warpRegisters * PARTITIONS / warps;
        int byShared = sharedBytes / (roundUp(blockShared, SHARED_UNIT) + SHARED_OF_SYSTEM);
        int byThreads = threads / (warps * WARP);
        return Math.min(Math.min(blocks, byThreads), Math.min(byRegisters, byShared));
    }

    private static int ceil(int n, int size) {
        return (n + size - 1) / size;
    }

    private static int roundUp(int n, int unit) {
        return ceil(n, unit) * unit;
    }
}
