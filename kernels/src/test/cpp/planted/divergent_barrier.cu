// Half of a warp waits at the barrier for the other half, which waits in a warp collective for the first.
template <bool FIXED>
__device__ void wait_apart(float* out) {
    if (FIXED || threadIdx.x % 32 < 16) {
        __syncthreads();
    }
    __syncwarp();
    out[threadIdx.x] = 1;
}

extern "C" __global__ void divergent_barrier_bug(float* out) { wait_apart<false>(out); }
extern "C" __global__ void divergent_barrier_fixed(float* out) { wait_apart<true>(out); }
