// The guard of the tail lets one element too many through: as a read, and as a write.
template <bool FIXED>
__device__ int last(int n) {
    return FIXED ? n - 1 : n;
}

extern "C" __global__ void read_past_the_end_bug(float* out, const float* x, int n) {
    if (threadIdx.x == 0) out[0] = x[last<false>(n)];
}
extern "C" __global__ void read_past_the_end_fixed(float* out, const float* x, int n) {
    if (threadIdx.x == 0) out[0] = x[last<true>(n)];
}
extern "C" __global__ void write_past_the_end_bug(float* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= last<false>(n)) out[i] = 1;
}
extern "C" __global__ void write_past_the_end_fixed(float* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= last<true>(n)) out[i] = 1;
}
