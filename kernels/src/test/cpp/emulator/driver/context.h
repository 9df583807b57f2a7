// Contexts, and which is current on the calling thread.
#pragma once

#include <string>

#include "driver/cuda_types.h"

namespace emulator {

struct Context {
    unsigned flags = 0;
    CUresult lost = CUDA_SUCCESS;  // the error it died of: every later call in it returns the same
    bool destroyed = false;        // contexts are never deleted, so that a stale handle is told from a good one
};

/** The context current on this thread, or null. */
Context* current_context();

/** All contexts, and those still to be made until the next reset, die of this error. */
void lose_contexts(CUresult error);

/** Drops all contexts, their memory and their errors: the state of a process that has not used CUDA. */
void reset_contexts();

/** What a context that is destroyed leaves behind: "2 allocations (4096 bytes) were never freed: …", or "". */
std::string leaks_of(const Context* context);

}  // namespace emulator
