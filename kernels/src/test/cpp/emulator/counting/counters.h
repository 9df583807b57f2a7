// What kernels cost, counted in counted builds.
#pragma once

#include <cstdint>
#include <string>

namespace emulator {

/** Sums over all launches of one kernel since the counters were reset. */
struct KernelCounters {
    uint64_t launches = 0;
    uint64_t blocks = 0;
    uint64_t threads = 0;
    uint64_t operations = 0;          // floating point: + - * / one each, fma two
    uint64_t functions = 0;           // exp, sqrt, erf …
    uint64_t matrix_operations = 0;   // floating-point operations of mma and wgmma
    uint64_t barriers = 0;            // of blocks
    uint64_t collectives = 0;         // of warps
    uint64_t atomics = 0;             // of threads

    // A request is one instruction of a warp. Bytes are those of distinct addresses in a request; sectors are the
    // 32-byte pieces that it touches: what crosses from the level-2 cache.
    uint64_t read_requests = 0, read_bytes = 0, read_sectors = 0;
    uint64_t write_requests = 0, write_bytes = 0, write_sectors = 0;

    // Of shared memory: wavefronts are the passes that the requests take, conflicts those above the least number.
    uint64_t shared_requests = 0, shared_bytes = 0, shared_wavefronts = 0, shared_conflicts = 0;
};

/** The counters of a kernel, made on first use. */
KernelCounters& counters_of(const std::string& kernel);

/** All of them: {"kernel": {"launches": 1, …}, …}. */
std::string counters_as_json();

void reset_counters();

}  // namespace emulator
