// Kernels that treat every element alike. All of them only stream: the time is that of the bytes, so each byte is moved
// once, 16 at a time.
#include "common.cuh"

// ---- Functions of single elements -----------------------------------------------------------------------------------

/// y[i] = f(x[i], …): a thread takes four neighbours; the thread at the end takes what is left, one by one.
template <class F, class... Inputs>
__device__ void map(float* y, unsigned n, int add, F f, const Inputs*... x) {
    unsigned i = 4 * (blockIdx.x * blockDim.x + threadIdx.x);
    if (i + 4 <= n) {
        put<4>(y + i, apply<4>(f, load<4>(x + i)...), add);
    } else {
#pragma unroll 1
        for (; i < n; i++) put<1>(y + i, apply<1>(f, load<1>(x + i)...), add);
    }
}

// y += x.
extern "C" __global__ void elementwise_add_into(float* y, const float* x, unsigned n) {
    map(y, n, 1, [](float a) { return a; }, x);
}

// y = factor · x.
extern "C" __global__ void elementwise_scale(float* y, const float* x, float factor, unsigned n, int add) {
    map(y, n, add, [=](float a) { return factor * a; }, x);
}

// y = x · Φ(x).
extern "C" __global__ void elementwise_gelu(float* y, const float* x, unsigned n) { map(y, n, 0, gelu, x); }

// dx = dy · gelu′(x).
extern "C" __global__ void elementwise_gelu_backward(
    float* dx, const float* dy, const float* x, unsigned n, int add) {
    map(dx, n, add, [](float g, float a) { return g * gelu_derivative(a); }, dy, x);
}

// y = x · σ(x).
extern "C" __global__ void elementwise_silu(float* y, const float* x, unsigned n) { map(y, n, 0, silu, x); }

// dx = dy · silu′(x).
extern "C" __global__ void elementwise_silu_backward(
    float* dx, const float* dy, const float* x, unsigned n, int add) {
    map(dx, n, add, [](float g, float a) { return g * silu_derivative(a); }, dy, x);
}
