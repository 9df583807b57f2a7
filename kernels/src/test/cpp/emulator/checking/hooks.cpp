// What the compiler calls before each access to memory when it is asked to watch for data races (-fsanitize=thread). Its
// own library is not linked: the calls end here.
#include "checking/access_rules.h"
#include "device/abi.h"

#define HOOK extern "C" __attribute__((visibility("default"))) void
#define CALLER __builtin_return_address(0)

using emulator::checker;

#define HOOKS_OF(bytes)                                                                       \
    HOOK __tsan_read##bytes(void* p) { checker.access(p, bytes, false, CALLER); }             \
    HOOK __tsan_write##bytes(void* p) { checker.access(p, bytes, true, CALLER); }             \
    HOOK __tsan_unaligned_read##bytes(void* p) { checker.access(p, bytes, false, CALLER); }   \
    HOOK __tsan_unaligned_write##bytes(void* p) { checker.access(p, bytes, true, CALLER); }   \
    HOOK __tsan_volatile_read##bytes(void* p) { checker.access(p, bytes, false, CALLER); }    \
    HOOK __tsan_volatile_write##bytes(void* p) { checker.access(p, bytes, true, CALLER); }

HOOKS_OF(1)
HOOKS_OF(2)
HOOKS_OF(4)
HOOKS_OF(8)
HOOKS_OF(16)

HOOK __tsan_read_range(void* p, size_t bytes) { checker.access_range(p, bytes, false, CALLER); }
HOOK __tsan_write_range(void* p, size_t bytes) { checker.access_range(p, bytes, true, CALLER); }
HOOK __tsan_init() {}
HOOK __tsan_func_entry(void*) {}
HOOK __tsan_func_exit() {}
HOOK __tsan_vptr_update(void**, void*) {}
HOOK __tsan_vptr_read(void**) {}

// ---- what the kernels' own headers tell

void emu_note_atomic(const void* address, size_t bytes, const void* pc) {
    checker.access_atomic(address, bytes, pc);
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
