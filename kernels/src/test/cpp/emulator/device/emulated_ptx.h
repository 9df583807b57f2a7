// What ptx.cuh is for the host: functions of the same names and meaning as those that hold inline PTX there.
#pragma once

/** Where a shared variable lies in the block's shared memory: what instructions on shared memory take. */
EMU_UNCHECKED static inline unsigned shared_address(const void* p) { return emu_shared_address(p); }

// ---- cp.async. The bytes land when the thread waits for them, not before; until then the target is poison.

EMU_UNCHECKED static inline void copy_async_4(float* shared, const float* global, bool present) {
    emu_copy_async(shared, global, 4, present ? 4 : 0, EMU_CALLER);
}

EMU_UNCHECKED static inline void copy_async_16(float* shared, const float* global, int present) {
    emu_copy_async(shared, global, 16, 4 * static_cast<unsigned>(present), EMU_CALLER);
}

EMU_UNCHECKED static inline void copy_async_commit() { emu_copy_async_commit(); }

template <int PENDING>
EMU_UNCHECKED static inline void copy_async_wait() {
    emu_copy_async_wait(PENDING);
}
