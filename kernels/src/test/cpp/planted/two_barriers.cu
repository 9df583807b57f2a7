// Odd and even threads wait at different barriers.
extern "C" __global__ void two_barriers_bug(float* out) {
    if (threadIdx.x % 2 == 0) {
        out[threadIdx.x] = 0;
        __syncthreads();
    } else {
        out[threadIdx.x] = 1;
        __syncthreads();
    }
}
extern "C" __global__ void two_barriers_fixed(float* out) {
    out[threadIdx.x] = threadIdx.x % 2;
    __syncthreads();
}
