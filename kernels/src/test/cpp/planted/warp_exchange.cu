// The lanes of a warp exchange values through shared memory as if they ran in step.
template <bool FIXED>
__device__ void swap_pairs(float* out, const float* x) {
    __shared__ float s[32];
    s[threadIdx.x] = x[threadIdx.x];
    if (FIXED) __syncwarp();
    out[threadIdx.x] = s[threadIdx.x ^ 1];
}

extern "C" __global__ void warp_exchange_bug(float* out, const float* x) { swap_pairs<false>(out, x); }
extern "C" __global__ void warp_exchange_fixed(float* out, const float* x) { swap_pairs<true>(out, x); }
