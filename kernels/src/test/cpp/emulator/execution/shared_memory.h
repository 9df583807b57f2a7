// The shared memory of a block. The shim makes each __shared__ variable thread_local: a block stays on one OS thread and
// an OS thread runs one block at a time, so the library's thread-local segment *is* the shared memory of the block.
#pragma once

#include <cstddef>

#include "device/abi.h"

namespace emulator {

/** The byte that fills memory nobody has written: a float of four is NaN, an index is out of every range. */
constexpr int POISON = 0xFF;

struct SharedMemory {
    char* base = nullptr;     // of the library's thread-local segment on this OS thread
    size_t bytes = 0;
    char* dynamic = nullptr;  // the extern __shared__ arrays, inside the segment; null if there are none

    /** That of a kernel, on the calling OS thread. */
    static SharedMemory of(const Kernel& kernel);

    bool contains(const void* address) const {
        return static_cast<size_t>(static_cast<const char*>(address) - base) < bytes;
    }

    /** Poisons all static variables, and as much of the dynamic array as the launch asked for. */
    void poison(size_t dynamic_bytes) const;
};

}  // namespace emulator
