// What the compiler calls before each access to memory when it is asked to watch for data races (-fsanitize=thread). Its
// own library is not linked: the calls end here.
#include "checking/hooks.h"

#include "checking/access_rules.h"
#include "counting/requests.h"
#include "device/abi.h"
#include "execution/block.h"

#define HOOK extern "C" __attribute__((visibility("default"))) void
#define CALLER __builtin_return_address(0)

using emulator::checker;
using emulator::request_counter;

namespace {

inline void on_access(const void* address, size_t bytes, bool writes, const void* pc) {
    if (__builtin_expect(checker.is_active(), true)) {
        checker.access(address, bytes, writes, pc);
    } else if (request_counter.is_active()) {
        request_counter.access(address, bytes, writes, pc);
    }
}

// The compiler speaks of a range, or of an unaligned access, where the device would make several accesses: of one word,
// or of one byte. Each counts as an instruction of its own.
void on_range(const void* address, size_t bytes, bool writes, const void* pc) {
    const char* p = static_cast<const char*>(address);
    size_t piece = (reinterpret_cast<uintptr_t>(p) | bytes) % 4 == 0 ? 4 : 1;
    for (size_t i = 0; i < bytes; i += piece) {
        on_access(p + i, piece, writes, static_cast<const char*>(pc) + i);
    }
}

// A loop that reads until somebody writes must let the others run.
void on_volatile_read(const void* address, size_t bytes, const void* pc) {
    on_access(address, bytes, false, pc);
    if (emulator::current_runner && emulator::current_runner->is_in_kernel()) {
        emu_yield();
    }
}

}  // namespace

#define HOOKS_OF(bytes)                                                                       \
    HOOK __tsan_read##bytes(void* p) { on_access(p, bytes, false, CALLER); }                  \
    HOOK __tsan_write##bytes(void* p) { on_access(p, bytes, true, CALLER); }                  \
    HOOK __tsan_unaligned_read##bytes(void* p) { on_range(p, bytes, false, CALLER); }         \
    HOOK __tsan_unaligned_write##bytes(void* p) { on_range(p, bytes, true, CALLER); }         \
    HOOK __tsan_volatile_read##bytes(void* p) { on_volatile_read(p, bytes, CALLER); }         \
    HOOK __tsan_volatile_write##bytes(void* p) { on_access(p, bytes, true, CALLER); }

HOOKS_OF(1)
HOOKS_OF(2)
HOOKS_OF(4)
HOOKS_OF(8)
HOOKS_OF(16)

HOOK __tsan_read_range(void* p, size_t bytes) { on_range(p, bytes, false, CALLER); }
HOOK __tsan_write_range(void* p, size_t bytes) { on_range(p, bytes, true, CALLER); }
HOOK __tsan_init() {}
HOOK __tsan_func_entry(void*) {}
HOOK __tsan_func_exit() {}
HOOK __tsan_vptr_update(void**, void*) {}
HOOK __tsan_vptr_read(void**) {}

// ---- what the emulator's own instructions tell

namespace emulator {

void note_access(const void* address, size_t bytes, bool writes, const void* pc) {
    on_access(address, bytes, writes, pc);
}

void note_copy_started(const void* shared, size_t bytes, const void* global, size_t present, const void* pc) {
    if (checker.is_active()) {
        checker.copy_started(shared, bytes, global, present, pc);
    } else if (request_counter.is_active()) {
        if (present > 0) {
            request_counter.access(global, present, false, pc);
        }
        request_counter.access(shared, bytes, true, pc);
    }
}

void note_bulk_started(const void* shared, size_t bytes, const void* global, size_t present, const void* pc) {
    if (checker.is_active()) {
        checker.copy_started(shared, bytes, global, present, pc);
    } else if (request_counter.is_active()) {
        request_counter.bulk_copy(bytes, present);
    }
}

void note_copy_landed(const void* shared, size_t bytes, const void* pc) {
    if (checker.is_active()) {
        checker.access(shared, bytes, true, pc);
    }
}

void note_bulk_landed(const void* shared, size_t bytes) {
    if (checker.is_active()) {
        checker.bulk_landed(shared, bytes);
    }
}

}  // namespace emulator

// ---- what the kernels' own headers tell

void emu_note_atomic(const void* address, size_t bytes, const void* pc) {
    checker.access_atomic(address, bytes, pc);
    if (request_counter.is_active()) {
        request_counter.counters().atomics++;
    }
}

void emu_note_operations(unsigned n) {
    if (request_counter.is_active()) {
        request_counter.counters().operations += n;
    }
}

void emu_note_matrix_operations(unsigned n) {
    if (request_counter.is_active()) {
        request_counter.counters().matrix_operations += n;
    }
}

void emu_note_function() {
    if (request_counter.is_active()) {
        request_counter.counters().functions++;
    }
}

void emu_note_fence() {
    checker.fence();
}

uint3 emu_thread_idx() {
    return emu_thread->thread_idx;
}

uint3 emu_block_idx() {
    return emu_thread->block_idx;
}

dim3 emu_block_dim() {
    return emu_thread->block_dim;
}

dim3 emu_grid_dim() {
    return emu_thread->grid_dim;
}
