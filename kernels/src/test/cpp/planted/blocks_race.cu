// Blocks of one launch are in no order: two of them write the same element, or one reads what another writes.
extern "C" __global__ void blocks_write_bug(float* out) {
    out[threadIdx.x] = blockIdx.x;
}
extern "C" __global__ void blocks_write_fixed(float* out) {
    out[blockIdx.x * blockDim.x + threadIdx.x] = threadIdx.x;
}
extern "C" __global__ void blocks_read_bug(float* x) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, n = gridDim.x * blockDim.x;
    x[i] = x[(i + blockDim.x) % n] + 1;
}
extern "C" __global__ void blocks_read_fixed(float* x) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    x[i] = x[i] + 1;
}
