// The only file with inline PTX: what CUDA C++ has no word for. A device compiler sees the instruction, a host compiler
// (the emulated device of the tests) includes functions of the same names and meaning from its own emulated_ptx.h.
//
// cp.async copies from global to shared memory without passing through registers, and without anyone waiting for it
// (compute capability 8.0 on). A thread's copies form groups: copy_async_commit() ends a group, copy_async_wait<n>()
// waits until at most the n youngest groups are still under way. Only the thread that started a copy may rely on that
// wait; __syncthreads() after it shows the data to the rest of the block.
#pragma once

#ifdef __CUDACC__

#define PTX static __device__ __forceinline__

/// The address that instructions on shared memory take.
PTX unsigned shared_address(const void* p) { return static_cast<unsigned>(__cvta_generic_to_shared(p)); }

/// One float, or zero if it is not present; then nothing is read.
PTX void copy_async_4(float* shared, const float* global, bool present) {
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(shared_address(shared)), "l"(global),
                 "r"(present ? 4 : 0)
                 : "memory");
}

/// Four floats between 16-byte boundaries, of which the first `present` (0 to 4) are read and the others are zero.
PTX void copy_async_16(float* shared, const float* global, int present) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(shared)), "l"(global),
                 "r"(4 * present)
                 : "memory");
}

/// Ends the group of the copies started since the last commit; a group may be empty.
PTX void copy_async_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }

/// Waits until at most PENDING of this thread's groups are unfinished.
template <int PENDING>
PTX void copy_async_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(PENDING) : "memory");
}

#else

#include "emulated_ptx.h"

#endif
