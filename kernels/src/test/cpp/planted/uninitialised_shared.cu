// A ragged tail: shared memory behind the last element is summed, though nothing was put there.
template <bool FIXED>
__device__ void sum(float* out, const float* x, int n) {
    __shared__ float s[64];
    int i = threadIdx.x;
    if (i < n || FIXED) {
        s[i] = i < n ? x[i] : 0.f;
    }
    __syncthreads();
    float total = 0;
    for (int k = 0; k < 64; k++) {
        total += s[k];
    }
    out[i] = total;
}

extern "C" __global__ void uninitialised_shared_bug(float* out, const float* x, int n) { sum<false>(out, x, n); }
extern "C" __global__ void uninitialised_shared_fixed(float* out, const float* x, int n) { sum<true>(out, x, n); }
