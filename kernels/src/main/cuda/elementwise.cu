// Kernels that treat every element alike. All of them only stream: the time is that of the bytes, so each byte is
// moved once, 16 at a time.
#include "common.cuh"

// ---- Functions of single elements ---------------------------------------------------------------------------------

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
// budget: 16 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void elementwise_add_into(float* y, const float* x, unsigned n) {
    map(y, n, 1, [](float a) { return a; }, x);
}

// y = factor · x.
// budget: 24 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void elementwise_scale(float* y, const float* x, float factor, unsigned n, int add) {
    map(y, n, add, [=](float a) { return factor * a; }, x);
}

// y = x · Φ(x).
// budget: 40 registers, 0 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void elementwise_gelu(float* y, const float* x, unsigned n) { map(y, n, 0, gelu, x); }

// dx = dy · gelu′(x).
// budget: 40 registers, 0 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void elementwise_gelu_backward(
    float* dx, const float* dy, const float* x, unsigned n, int add) {
    map(dx, n, add, [](float g, float a) { return g * gelu_derivative(a); }, dy, x);
}

// y = x · σ(x).
// budget: 24 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void elementwise_silu(float* y, const float* x, unsigned n) { map(y, n, 0, silu, x); }

// dx = dy · silu′(x).
// budget: 24 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void elementwise_silu_backward(
    float* dx, const float* dy, const float* x, unsigned n, int add) {
    map(dx, n, add, [](float g, float a) { return g * silu_derivative(a); }, dy, x);
}

// y = x · σ(2u), GELU approximated by tanh.
// budget: 40 registers, 0 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void elementwise_gelu_tanh(float* y, const float* x, unsigned n) {
    map(y, n, 0, gelu_tanh, x);
}

// dx = dy · gelu_tanh′(x).
// budget: 40 registers, 0 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void elementwise_gelu_tanh_backward(
    float* dx, const float* dy, const float* x, unsigned n, int add) {
    map(dx, n, add, [](float g, float a) { return g * gelu_tanh_derivative(a); }, dy, x);
}

// y = x · σ(1.702 x).
// budget: 40 registers, 0 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void elementwise_quick_gelu(float* y, const float* x, unsigned n) {
    map(y, n, 0, quick_gelu, x);
}

// dx = dy · quick_gelu′(x).
// budget: 40 registers, 0 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void elementwise_quick_gelu_backward(
    float* dx, const float* dy, const float* x, unsigned n, int add) {
    map(dx, n, add, [](float g, float a) { return g * quick_gelu_derivative(a); }, dy, x);
}

// y = tanh(x).
// budget: 40 registers, 0 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void elementwise_tanh(float* y, const float* x, unsigned n) {
    map(y, n, 0, [](float a) { return tanhf(a); }, x);
}

// dx = dy · tanh′(x).
// budget: 40 registers, 0 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void elementwise_tanh_backward(
    float* dx, const float* dy, const float* x, unsigned n, int add) {
    map(dx, n, add, [](float g, float a) { return g * tanh_derivative(a); }, dy, x);
}

// ---- A smaller tensor repeated ------------------------------------------------------------------------------------

/// y = f(a, b): a holds groups of equally many rows, b one row for each group. A thread keeps its columns of b and
/// goes down the rows, so b is not read again for every row of a.
template <int V, class F>
__device__ void repeat_rows(
    float* y, const float* a, const float* b, unsigned groups, unsigned rows, unsigned columns, int add, F f) {
    unsigned column = V * (blockIdx.x * blockDim.x + threadIdx.x);
    if (column >= columns) return;
    for (unsigned group = blockIdx.z; group < groups; group += gridDim.z) {
        Pack<V> once = load<V>(b + group * columns + column);
        for (unsigned row = blockIdx.y * blockDim.y + threadIdx.y; row < rows; row += gridDim.y * blockDim.y) {
            unsigned i = (group * rows + row) * columns + column;
            put<V>(y + i, apply<V>(f, load<V>(a + i), once), add);
        }
    }
}

// y (rows, columns) = a + b, b (columns).
// budget: 32 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void elementwise_add(
    float* y, const float* a, const float* b, unsigned rows, unsigned columns) {
    auto f = [](float s, float t) { return s + t; };
    choose_width(columns % 4 == 0, [=](auto width) { repeat_rows<width.V>(y, a, b, 1, rows, columns, 0, f); });
}

// y (groups, rows, columns) = a · b, b (groups, columns): a product with broadcasting, and the scale of channels.
// budget: 32 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void elementwise_multiply(
    float* y, const float* a, const float* b, unsigned groups, unsigned rows, unsigned columns, int add) {
    auto f = [](float s, float t) { return s * t; };
    choose_width(columns % 4 == 0, [=](auto width) { repeat_rows<width.V>(y, a, b, groups, rows, columns, add, f); });
}

// ---- SwiGLU: y = silu(gate) · up, x = [gate | up] -----------------------------------------------------------------

template <int V>
__device__ void swiglu(float* y, const float* x, unsigned rows, unsigned F) {
    unsigned column = V * (blockIdx.x * blockDim.x + threadIdx.x);
    if (column >= F) return;
    for (unsigned row = blockIdx.y * blockDim.y + threadIdx.y; row < rows; row += gridDim.y * blockDim.y) {
        const float* gate = x + row * 2 * F + column;
        auto f = [](float g, float u) { return silu(g) * u; };
        store<V>(y + row * F + column, apply<V>(f, load<V>(gate), load<V>(gate + F)));
    }
}

// y (rows, F) from x (rows, 2F).
// budget: 32 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void elementwise_swiglu(float* y, const float* x, unsigned rows, unsigned F) {
    choose_width(F % 4 == 0, [=](auto width) { swiglu<width.V>(y, x, rows, F); });
}

template <int V>
__device__ void swiglu_backward(float* dx, const float* dy, const float* x, unsigned rows, unsigned F, int add) {
    unsigned column = V * (blockIdx.x * blockDim.x + threadIdx.x);
    if (column >= F) return;
    for (unsigned row = blockIdx.y * blockDim.y + threadIdx.y; row < rows; row += gridDim.y * blockDim.y) {
        unsigned gate = row * 2 * F + column;
        Pack<V> g = load<V>(x + gate);
        Pack<V> u = load<V>(x + gate + F);
        Pack<V> h = load<V>(dy + row * F + column);
        auto dgate = [](float dh, float a, float b) { return dh * b * silu_derivative(a); };
        auto dup = [](float dh, float a) { return dh * silu(a); };
        put<V>(dx + gate, apply<V>(dgate, h, g, u), add);
        put<V>(dx + gate + F, apply<V>(dup, h, g), add);
    }
}

// dx (rows, 2F) from dy (rows, F): dgate = dy · up · silu′(gate), dup = dy · silu(gate).
// budget: 40 registers, 0 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void elementwise_swiglu_backward(
    float* dx, const float* dy, const float* x, unsigned rows, unsigned F, int add) {
    choose_width(F % 4 == 0, [=](auto width) { swiglu_backward<width.V>(dx, dy, x, rows, F, add); });
}
