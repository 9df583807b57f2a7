// What the emulated device says of itself. Its numbers are those of an H100, but for what the settings change.
#pragma once

#include <cstddef>

namespace emulator {

constexpr unsigned MAX_THREADS_PER_BLOCK = 1024;
constexpr unsigned MAX_THREADS_PER_SM = 2048;
constexpr unsigned MAX_BLOCKS_PER_SM = 32;
constexpr unsigned SM_COUNT = 132;
constexpr unsigned REGISTERS_PER_SM = 65536;
constexpr unsigned DEFAULT_SHARED_BYTES = 48 << 10;    // a block's, unless the function asks for more
constexpr unsigned RESERVED_SHARED_BYTES = 1 << 10;    // of each block, for the system
constexpr unsigned MAX_GRID_X = 2147483647;
constexpr unsigned MAX_GRID_YZ = 65535;

/** The most shared memory that a block may ask for, and what an SM has: both depend on the compute capability. */
unsigned max_shared_per_block();
unsigned shared_per_sm();

}  // namespace emulator
