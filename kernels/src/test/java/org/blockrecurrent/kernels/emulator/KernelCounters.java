package org.blockrecurrent.kernels.emulator;

/**
 * What the launches of one kernel cost together, as counted by the emulated device in counted mode (other modes know only
 * {@code launches}). A request is one instruction of a warp.
 *
 * @param operations floating-point additions, multiplications and divisions; a fused multiply-add is two
 * @param functions calls of exp, sqrt, erf and the like
 * @param matrixOperations floating-point operations of mma and wgmma instructions
 * @param barriers barriers passed, each once for a block
 * @param collectives shuffles, votes and {@code __syncwarp}, each once for a warp
 * @param atomics atomic operations of threads
 * @param readBytes bytes read from global memory; what several lanes of a request read is counted once
 * @param readSectors 32-byte sectors that the requests touch: 32 · sectors is what crosses from the level-2 cache
 * @param sharedWavefronts passes that the requests to shared memory take
 * @param sharedConflicts those passes that requests without bank conflicts would not need
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

    /** Bytes read from and written to global memory. */
    public long globalBytes() {
        return readBytes + writeBytes;
    }

    /** Requests to global memory. */
    public long globalRequests() {
        return readRequests + writeRequests;
    }

    /** Bytes of all sectors touched, in multiples of the bytes asked for: 1 if every request is coalesced. */
    public double sectorOverhead() {
        return 32.0 * (readSectors + writeSectors) / globalBytes();
    }

    /** Bank conflicts per request to shared memory. */
    public double conflictRate() {
        return sharedRequests == 0 ? 0 : (double) sharedConflicts / sharedRequests;
    }
}
