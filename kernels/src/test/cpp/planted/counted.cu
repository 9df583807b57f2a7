// Kernels whose cost is known beforehand, for the counters.

/** One request a warp to read, one to write, of neighbouring floats: `offset` moves both across sectors. */
extern "C" __global__ void counted_copy(float* out, const float* x, int offset) {
    int i = blockIdx.x * blockDim.x + threadIdx.x + offset;
    out[i] = x[i];
}

/** Lanes read floats that lie `stride` apart. */
extern "C" __global__ void counted_stride(float* out, const float* x, int stride) {
    out[threadIdx.x] = x[threadIdx.x * stride];
}

/** As counted_copy, four floats at once. */
extern "C" __global__ void counted_quads(float4* out, const float4* x) {
    out[threadIdx.x] = x[threadIdx.x];
}

/** All lanes read one float, eight times. */
extern "C" __global__ void counted_broadcast(float* out, const float* x) {
    float sum = 0;
    for (int i = 0; i < 8; i++) {
        sum += x[i];
    }
    out[threadIdx.x] = sum;
}

/** Lanes write and read shared words that lie `stride` apart. */
extern "C" __global__ void counted_banks(float* out, int stride) {
    __shared__ float s[32 * 33];
    s[threadIdx.x * stride] = 1;
    __syncthreads();
    out[threadIdx.x] = s[threadIdx.x * stride];
}

/** Lanes read quads that lie `stride` quads apart: eight lanes go at once. */
extern "C" __global__ void counted_quad_banks(float* out, int stride) {
    __shared__ float4 s[32 * 4];
    for (int i = threadIdx.x; i < 128; i += 32) {
        s[i] = make_float4(0, 1, 2, 3);
    }
    __syncthreads();
    float4 v = s[threadIdx.x * stride];
    out[threadIdx.x] = v.x + v.w;
}

/** Per thread: a multiply-add written as two operations, an fma, a division, a subtraction and an exponential. */
extern "C" __global__ void counted_operations(float* out, float a, float b) {
    float x = a * b + threadIdx.x;
    x = fmaf(x, a, b);
    x = x / b - 1.0f;
    out[threadIdx.x] = expf(-x);
}

/** Loops of different length: lanes meet as long as they are in the loop. */
extern "C" __global__ void counted_divergent(float* out, const float* x) {
    float sum = 0;
    for (unsigned i = 0; i <= threadIdx.x; i++) {
        sum += x[i];
    }
    out[threadIdx.x] = sum;
}

/** Two barriers, one shuffle, one atomic a thread. */
extern "C" __global__ void counted_meetings(float* out, int* count) {
    __syncthreads();
    float x = __shfl_xor_sync(0xffffffffu, static_cast<float>(threadIdx.x), 1);
    atomicAdd(count, 1);
    __syncthreads();
    out[threadIdx.x] = x;
}
