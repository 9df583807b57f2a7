// CUDA C++ as host C++. Included before a .cu file by the compiler (-include), so that the file itself stays what nvcc
// compiles: keywords, built-in variables, barriers, warp collectives, atomics and the intrinsics that our kernels use.
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "abi.h"

// In checked builds the compiler reports each access to memory; what emulates an instruction must not be reported.
#define EMU_UNCHECKED __attribute__((no_sanitize("thread")))

// Such a function is not inlined into one that is reported, so its return address is a place in the kernel.
#define EMU_CALLER __builtin_return_address(0)

#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __restrict__ __restrict
#define __launch_bounds__(...)
#define __grid_constant__
#define __constant__ static
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __cluster_dims__(...)

// A block stays on one OS thread, which runs one block at a time: what is local to the OS thread is shared by the block.
// At block scope thread_local is implicitly static, and "extern thread_local float s[]" is valid too. Shared variables have
// no initializers; "constinit" keeps the compiler from guarding against one.
#define __shared__ __constinit thread_local

#ifdef EMU_INSTRUMENTED
#define threadIdx (emu_thread_idx())
#define blockIdx (emu_block_idx())
#define blockDim (emu_block_dim())
#define gridDim (emu_grid_dim())
#else
#define threadIdx (emu_thread->thread_idx)
#define blockIdx (emu_thread->block_idx)
#define blockDim (emu_thread->block_dim)
#define gridDim (emu_thread->grid_dim)
#endif
#define warpSize 32

#ifdef EMU_COUNTED
#include "counted_float.h"
#endif
#include "vector_types.h"
#include "warp.h"
#include "atomics.h"
#include "intrinsics.h"
