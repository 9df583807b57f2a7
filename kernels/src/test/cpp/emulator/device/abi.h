// What host-compiled kernels and the emulated device agree on. libcuda.so.1 exports these functions; a kernel library
// is linked against it. Kernels see them through cuda_shim.h, the emulator implements them in execution/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

struct uint3 {
    unsigned x, y, z;
};

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

namespace emulator {

constexpr unsigned WARP_SIZE = 32;

/** The most dynamic shared memory that any kernel can ask for (that of compute capability 9.0). */
constexpr size_t MAX_DYNAMIC_SHARED = 232448;

/** The built-in variables of one device thread, and its place in the block. */
struct DeviceThread {
    uint3 thread_idx;
    uint3 block_idx;
    dim3 block_dim;
    dim3 grid_dim;
    unsigned index;  // x fastest, as the hardware forms warps
    unsigned lane;
    unsigned warp;
};

/** Where in the source a barrier or a warp collective stands. Default arguments fill it with the caller's place. */
struct Site {
    const char* file;
    int line;

    static constexpr Site here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
        return {file, line};
    }

    bool operator==(const Site& other) const {
        return line == other.line && (file == other.file || strcmp(file, other.file) == 0);
    }
};

/** Runs once for all lanes of a collective, when the last has come: lanes[i] is what lane i left, if its bit is set. */
using CollectiveBody = void (*)(void** lanes, unsigned mask);

/** One __global__ function of a kernel library. */
struct Kernel {
    const char* name;
    void (*call)(void** parameters);
    int parameter_count;
    const unsigned* parameter_sizes;
    void* (*shared_anchor)();   // an address inside the library's shared memory, on the calling OS thread
    void* (*dynamic_shared)();  // where its extern __shared__ arrays start; null if it has none
};

}  // namespace emulator

#pragma GCC visibility push(default)
extern "C" {
// The device thread that runs now on this OS thread. Initial-exec: one load, no call.
extern __thread emulator::DeviceThread* emu_thread
    __attribute__((tls_model("initial-exec")));

void emu_register_kernel(emulator::Kernel* kernel);

void emu_syncthreads(emulator::Site site);
void emu_named_barrier(int id, unsigned threads, emulator::Site site);
void emu_collective(unsigned mask, void* operands, emulator::CollectiveBody body, emulator::Site site);
void emu_yield();
[[noreturn]] void emu_trap(const char* why);

// The built-in variables, for builds in which a load through emu_thread would be reported as the kernel's.
uint3 emu_thread_idx() __attribute__((const));
uint3 emu_block_idx() __attribute__((const));
dim3 emu_block_dim() __attribute__((const));
dim3 emu_grid_dim() __attribute__((const));

// What the compiler does not report: atomics and fences.
void emu_note_atomic(const void* address, size_t bytes, const void* pc);
void emu_note_fence();

// Counted builds: floating-point operations, and functions such as exp.
void emu_note_operations(unsigned n);
void emu_note_matrix_operations(unsigned n);
void emu_note_function();

unsigned emu_shared_address(const void* variable);

// cp.async: `bytes` go to shared memory, the first `present` of them read, the others zero.
void emu_copy_async(void* shared, const void* global, unsigned bytes, unsigned present, const void* pc);
void emu_copy_async_commit();
void emu_copy_async_wait(int pending);

// ldmatrix: `count` 8×8 matrices of 16-bit elements; each lane names the address of one row.
void emu_load_matrices(unsigned* fragments, unsigned row_address, unsigned count, bool transposed, emulator::Site site);

// mma.m16n8k16: d (16, 8) += a (16, 16) · b (16, 8), bf16 operands spread over the lanes of a warp.
void emu_mma_bf16(float* d, const unsigned* a, const unsigned* b, emulator::Site site);

// wgmma.m64nNk16: as mma, for four warps, operands in shared memory named by descriptors. Done when waited for.
void emu_wgmma_bf16(float* d, unsigned n, uint64_t a, uint64_t b, emulator::Site site);
void emu_wgmma_commit();
void emu_wgmma_wait(unsigned pending, emulator::Site site);

// mbarrier: a phase ends when `count` threads have arrived and all bytes announced have landed.
void emu_barrier_init(unsigned barrier, unsigned count);
void emu_barrier_arrive(unsigned barrier, unsigned announced_bytes);
void emu_barrier_wait(unsigned barrier, unsigned parity, emulator::Site site);

// cp.async.bulk: copies that land at a barrier, a plain one and one of a rectangle of a tensor map.
void emu_bulk_copy(unsigned shared, const void* global, unsigned bytes, unsigned barrier, const void* pc);
void emu_tensor_copy_2d(unsigned shared, const void* map, unsigned barrier, int x, int y, const void* pc);
}
#pragma GCC visibility pop
