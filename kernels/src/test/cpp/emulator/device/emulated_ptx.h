// What ptx.cuh is for the host: functions of the same names and meaning as those that hold inline PTX there.
#pragma once

// The emulator computes with plain floats, also where the kernel's are counted.
#ifdef EMU_COUNTED
#define EMU_RAW(floats) reinterpret_cast<emulator::RawFloat*>(floats)
#else
#define EMU_RAW(floats) (floats)
#endif

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

// ---- Tensor cores: ldmatrix, mma, wgmma

template <int COUNT>
EMU_UNCHECKED static inline void load_matrices(unsigned (&fragments)[COUNT], unsigned row_address,
                                               emulator::Site site = emulator::Site::here()) {
    emu_load_matrices(fragments, row_address, COUNT, false, site);
}

template <int COUNT>
EMU_UNCHECKED static inline void load_matrices_transposed(unsigned (&fragments)[COUNT], unsigned row_address,
                                                          emulator::Site site = emulator::Site::here()) {
    emu_load_matrices(fragments, row_address, COUNT, true, site);
}

EMU_UNCHECKED static inline void mma_bf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2],
                                          emulator::Site site = emulator::Site::here()) {
    emu_mma_bf16(EMU_RAW(d), a, b, site);
}

/** d (64, N) += a (64, 16) · b (N, 16)ᵀ, by four warps. */
template <int REGISTERS>
EMU_UNCHECKED static inline void wgmma_bf16(float (&d)[REGISTERS], unsigned long long a, unsigned long long b,
                                            emulator::Site site = emulator::Site::here()) {
    emu_wgmma_bf16(EMU_RAW(d), 2 * REGISTERS, a, b, site);
}

EMU_UNCHECKED static inline void wgmma_fence() {}
EMU_UNCHECKED static inline void wgmma_commit() { emu_wgmma_commit(); }

template <int PENDING>
EMU_UNCHECKED static inline void wgmma_wait(emulator::Site site = emulator::Site::here()) {
    emu_wgmma_wait(PENDING, site);
}

// ---- Barriers in shared memory, and the copies that land at them

EMU_UNCHECKED static inline void barrier_init(unsigned barrier, unsigned count) { emu_barrier_init(barrier, count); }
EMU_UNCHECKED static inline void barrier_arrive(unsigned barrier) { emu_barrier_arrive(barrier, 0); }

/** Arrives, and announces bytes that copies will bring. */
EMU_UNCHECKED static inline void barrier_expect(unsigned barrier, unsigned bytes) { emu_barrier_arrive(barrier, bytes); }

/** Until the phase of this parity has ended. */
EMU_UNCHECKED static inline void barrier_wait(unsigned barrier, unsigned parity,
                                              emulator::Site site = emulator::Site::here()) {
    emu_barrier_wait(barrier, parity, site);
}

EMU_UNCHECKED static inline void copy_bulk(unsigned shared, const void* global, unsigned bytes, unsigned barrier) {
    emu_bulk_copy(shared, global, bytes, barrier, EMU_CALLER);
}

/** A CUtensorMap, made by cuTensorMapEncodeTiled. */
struct alignas(64) TensorMap {
    unsigned long long opaque[16];
};

EMU_UNCHECKED static inline void copy_tensor_2d(unsigned shared, const TensorMap* map, unsigned barrier, int x, int y) {
    emu_tensor_copy_2d(shared, map, barrier, x, y, EMU_CALLER);
}
