// What the emulator itself reports of instructions that the compiler does not see: to the checker and to the counters.
#pragma once

#include <cstddef>

namespace emulator {

/** As if the kernel had accessed the memory at `pc`. */
void note_access(const void* address, size_t bytes, bool writes, const void* pc);

/** A copy to shared memory begins: it reads `present` bytes, and its target holds nothing until it lands. */
void note_copy_started(const void* shared, size_t bytes, const void* global, size_t present, const void* pc);

/** As note_copy_started, by the copy engine: it belongs to no request of a warp. */
void note_bulk_started(const void* shared, size_t bytes, const void* global, size_t present, const void* pc);

/** The running thread's copy has landed. */
void note_copy_landed(const void* shared, size_t bytes, const void* pc);

/** A copy by the copy engine has landed: whoever waits at its barrier may read it. */
void note_bulk_landed(const void* shared, size_t bytes);

}  // namespace emulator
