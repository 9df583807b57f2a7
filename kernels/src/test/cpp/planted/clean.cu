// Kernels without a bug, each with what the others lack: a tail, a barrier, shuffles, dynamic shared memory.

/** c = a + b over n elements. */
extern "C" __global__ void clean_add(float* c, const float* a, const float* b, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        c[i] = a[i] + b[i];
    }
}

/** out[block] = the sum of the block's share of x: lanes by shuffles, then warps through shared memory. */
extern "C" __global__ void clean_sum(float* out, const float* x, int n) {
    __shared__ float of_warp[32];
    float sum = 0.f;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        sum += x[i];
    }
    for (int distance = 16; distance > 0; distance /= 2) {
        sum += __shfl_xor_sync(0xffffffffu, sum, distance);
    }
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = (blockDim.x + 31) / 32;
    if (lane == 0) {
        of_warp[warp] = sum;
    }
    __syncthreads();
    if (warp == 0) {
        sum = lane < warps ? of_warp[lane] : 0.f;
        for (int distance = 16; distance > 0; distance /= 2) {
            sum += __shfl_xor_sync(0xffffffffu, sum, distance);
        }
        if (lane == 0) {
            out[blockIdx.x] = sum;
        }
    }
}

/** Reverses each block's elements through dynamic shared memory. */
extern "C" __global__ void clean_reverse(float* out, const float* x) {
    extern __shared__ float values[];
    int i = threadIdx.x, base = blockIdx.x * blockDim.x;
    values[i] = x[base + i];
    __syncthreads();
    out[base + i] = values[blockDim.x - 1 - i];
}
