// Reading what may not be there.
#pragma once

#include <cstddef>

namespace emulator {

/** Copies from memory that may not be readable; false if it is not. */
bool guarded_copy(void* to, const void* from, size_t bytes);

}  // namespace emulator
