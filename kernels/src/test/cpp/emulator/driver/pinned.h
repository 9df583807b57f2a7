// Host memory that the device may reach on its own: allocated or registered as pinned.
#pragma once

#include <cstddef>

namespace emulator {

/** Poisoned memory, or null. */
void* allocate_pinned(size_t bytes);

/** Whether there was such an allocation. */
bool free_pinned(void* address);

void register_pinned(void* address, size_t bytes);
bool unregister_pinned(void* address);

/** Whether the whole range is pinned. */
bool is_pinned(const void* address, size_t bytes);

}  // namespace emulator
