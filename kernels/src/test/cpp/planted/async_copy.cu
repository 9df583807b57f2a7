// cp.async: the copy is read before the thread has waited for it, or another thread's before the block has met.
#include "emulated_ptx.h"

template <bool WAITS, bool MEETS>
__device__ void copy(float* out, const float* x) {
    __shared__ __align__(16) float s[128];
    int i = threadIdx.x;
    copy_async_16(s + 4 * i, x + 4 * i, 4);
    copy_async_commit();
    if (WAITS) copy_async_wait<0>();
    if (MEETS) __syncthreads();
    for (int k = 0; k < 4; k++) {
        out[4 * i + k] = s[(4 * i + k + 4) % 128];
    }
}

extern "C" __global__ void async_wait_bug(float* out, const float* x) { copy<false, true>(out, x); }
extern "C" __global__ void async_barrier_bug(float* out, const float* x) { copy<true, false>(out, x); }
extern "C" __global__ void async_copy_fixed(float* out, const float* x) { copy<true, true>(out, x); }
