// One launch of a kernel: a grid of blocks, run by a few OS threads.
#pragma once

#include <cstddef>
#include <cstdint>

#include "device/abi.h"

namespace emulator {

/** What a kernel can die of; the values are those of CUresult. */
enum Fault {
    NO_FAULT = 0,
    ILLEGAL_ADDRESS = 700,
    LAUNCH_TIMEOUT = 702,
    MISALIGNED_ADDRESS = 716,
    LAUNCH_FAILED = 719,
};

struct Launch {
    const Kernel* kernel;
    dim3 grid;
    dim3 block;
    size_t dynamic_shared;
    void** parameters;
    uint64_t number;  // counts the launches of this process

    size_t blocks() const { return size_t{grid.x} * grid.y * grid.z; }
    unsigned threads() const { return block.x * block.y * block.z; }
};

/** Runs all blocks and returns when they are done or one has failed. One launch runs at a time. */
Fault run_to_end(const Launch& launch);

}  // namespace emulator
