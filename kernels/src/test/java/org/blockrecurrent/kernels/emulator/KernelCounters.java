package org.blockrecurrent.kernels.emulator;

/**
 * What the launches of one kernel have cost, counted: {@code kernels/src/test/cpp/emulator/counting/counters.h}. A request
 * is one instruction of a warp; its bytes are those of distinct addresses, its sectors the 32-byte pieces it touches, its
 * wavefronts the passes that shared memory takes for it, of which conflicts are those above the least number.
 */
public record KernelCounters(
        long launches,
        long blocks,
        long threads,
        long operations,
        long functions,
        long matrixOperations,
        long barriers,
        long collectives,
        long atomics,
        long readRequests,
        long readBytes,
        long readSectors,
        long writeRequests,
        long writeBytes,
        long writeSectors,
        long sharedRequests,
        long sharedBytes,
        long sharedWavefronts,
        long sharedConflicts) {
    private static final int SECTOR = 32;

    /** Bytes of global memory that the kernel asks for. */
    public long bytes() {
        return readBytes + writeBytes;
    }

    /** Bytes of the sectors that they lie in: what crosses from the second-level cache. */
    public long sectorBytes() {
        return SECTOR * (readSectors + writeSectors);
    }

    /** Conflicts for each request to shared memory. */
    public double conflictShare() {
        return sharedRequests == 0 ? 0 : (double) sharedConflicts / sharedRequests;
    }
}
