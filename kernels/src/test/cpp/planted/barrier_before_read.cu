// The value of the next thread is read before a barrier has made sure that it is there.
template <bool FIXED>
__device__ void exchange(float* out, const float* x) {
    __shared__ float s[256];
    s[threadIdx.x] = x[threadIdx.x];
    if (FIXED) __syncthreads();
    out[threadIdx.x] = s[(threadIdx.x + 1) % blockDim.x];
}

extern "C" __global__ void barrier_before_read_bug(float* out, const float* x) { exchange<false>(out, x); }
extern "C" __global__ void barrier_before_read_fixed(float* out, const float* x) { exchange<true>(out, x); }
