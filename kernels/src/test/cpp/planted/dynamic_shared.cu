// Uses one element more of dynamic shared memory than the launch gives it.
template <bool FIXED>
__device__ void rotate(float* out, const float* x) {
    extern __shared__ float s[];
    int n = blockDim.x, i = threadIdx.x;
    s[FIXED ? i : i + 1] = x[i];
    __syncthreads();
    out[i] = s[FIXED ? (i + 1) % n : 1 + (i + 1) % n];
}

extern "C" __global__ void dynamic_shared_bug(float* out, const float* x) { rotate<false>(out, x); }
extern "C" __global__ void dynamic_shared_fixed(float* out, const float* x) { rotate<true>(out, x); }
