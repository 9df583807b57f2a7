// A shared array is filled again while others may still read what it held.
template <bool FIXED>
__device__ void add_up(float* out, int rounds) {
    __shared__ float s[256];
    float sum = 0;
    for (int i = 0; i < rounds; i++) {
        s[threadIdx.x] = i + static_cast<int>(threadIdx.x);
        __syncthreads();
        sum += s[(threadIdx.x + 1) % blockDim.x];
        if (FIXED) __syncthreads();
    }
    out[threadIdx.x] = sum;
}

extern "C" __global__ void barrier_before_overwrite_bug(float* out, int rounds) { add_up<false>(out, rounds); }
extern "C" __global__ void barrier_before_overwrite_fixed(float* out, int rounds) { add_up<true>(out, rounds); }
