// What all kernels share: sums over warps, blocks and rows, 16-byte access, activations. No toolkit headers: what
// nvcc itself knows is enough, and the emulated device of the tests compiles the same text as host C++.
//
// Conventions of every kernel:
//   arguments   outputs first, inputs next, sizes last; matrices are row-major
//   sizes       unsigned: a tensor has fewer than 2^31 elements, and what a grid adds to round up still fits
//   add         not 0: the result is added to what the output holds; 0: it replaces it, and the output is not read
//   sums        in an order that follows from the sizes alone: no float atomics, the same bits in every run
//   NaN, Inf    come out where they go in: fmaxf is not used, because it drops a NaN
#pragma once

constexpr int WARP = 32;
constexpr unsigned EVERY_LANE = 0xffffffffu;

/// How many pieces of the given size cover n.
__device__ __forceinline__ unsigned ceil_div(unsigned n, unsigned size) { return n / size + (n % size != 0); }

// ---- 16 bytes at a time -------------------------------------------------------------------------------------------

/// V neighbouring floats: 4 where a row starts on a 16-byte boundary, that is where its length is a multiple of 4,
/// else 1. Code written for both by a template is written once.
template <int V>
struct Pack {
    float v[V];
};

/// One load instruction. p must be a multiple of V floats from the start of a tensor, which is aligned to 256 bytes.
template <int V>
__device__ __forceinline__ Pack<V> load(const float* p) {
    static_assert(V == 1 || V == 4, "packs are scalars or 16 bytes");
    if constexpr (V == 4) {
        float4 q = *reinterpret_cast<const float4*>(p);
        return {{q.x, q.y, q.z, q.w}};
    } else {
        return {{*p}};
    }
}

/// One store instruction.
template <int V>
__device__ __forceinline__ void store(float* p, Pack<V> x) {
    if constexpr (V == 4) {
        *reinterpret_cast<float4*>(p) = make_float4(x.v[0], x.v[1], x.v[2], x.v[3]);
    } else {
        *p = x.v[0];
    }
}

/// Calls f(Width<4>) or f(Width<1>): how kernels choose between packs and scalars, once for all threads.
template <int V_>
struct Width {
    static constexpr int V = V_;
};

template <class F>
__device__ __forceinline__ void choose_width(bool is_aligned, F f) {
    if (is_aligned) {
        f(Width<4>());
    } else {
        f(Width<1>());
    }
}

/// The same value V times.
template <int V>
__device__ __forceinline__ Pack<V> repeated(float value) {
    Pack<V> y;
#pragma unroll
    for (int k = 0; k < V; k++) y.v[k] = value;
    return y;
}

/// f of each element, of one pack or of several side by side.
template <int V, class F, class... Packs>
__device__ __forceinline__ Pack<V> apply(F f, Packs... x) {
    Pack<V> y;
#pragma unroll
    for (int k = 0; k < V; k++) y.v[k] = f(x.v[k]...);
    return y;
}

template <int V>
__device__ __forceinline__ Pack<V> sum(Pack<V> a, Pack<V> b) {
    return apply<V>([](float s, float t) { return s + t; }, a, b);
}

/// Adds up the elements of a pack.
template <int V>
__device__ __forceinline__ float total(Pack<V> x) {
    float sum = x.v[0];
#pragma unroll
    for (int k = 1; k < V; k++) sum += x.v[k];
    return sum;
}

/// Writes a result, or adds it to what is there.
template <int V>
__device__ __forceinline__ void put(float* p, Pack<V> x, int add) {
    store<V>(p, add ? sum<V>(load<V>(p), x) : x);
}

// ---- Sums in fixed order ------------------------------------------------------------------------------------------

/// Larger of the two; NaN if one of them is.
__device__ __forceinline__ float larger(float a, float b) { return a > b || a != a ? a : b; }

/// Combines the lanes of a warp in five exchanges; a + b = b + a, so every lane ends up with the same bits.
template <class T, class F>
__device__ __forceinline__ T warp_reduce(T x, F f) {
#pragma unroll
    for (int distance = WARP / 2; distance > 0; distance /= 2) x = f(x, __shfl_xor_sync(EVERY_LANE, x, distance));
    return x;
}

/// Combines the threads of a block that have the same threadIdx.y: first each warp, then the warps in order, the
/// latter by every thread for itself. blockDim.x is a multiple of 32; slots is shared memory for one T a warp of the
/// block. Every thread of the block must come here.
template <class T, class F>
__device__ __forceinline__ T row_reduce(T x, T* slots, F f) {
    x = warp_reduce(x, f);
    unsigned warps = blockDim.x / WARP;
    if (warps == 1) return x;
    T* mine = slots + threadIdx.y * warps;
    __syncthreads();  // what the slots held before has been read by all
    if (threadIdx.x % WARP == 0) mine[threadIdx.x / WARP] = x;
    __syncthreads();
    x = mine[0];
#pragma unroll 1
    for (unsigned warp = 1; warp < warps; warp++) x = f(x, mine[warp]);
    return x;
}

template <class T>
__device__ __forceinline__ T row_sum(T x, T* slots) {
    return row_reduce(x, slots, [](T a, T b) { return a + b; });
}

__device__ __forceinline__ float row_max(float x, float* slots) { return row_reduce(x, slots, larger); }

// ---- A matrix row a group of threads ------------------------------------------------------------------------------

/// A kernel that needs a row several times, as for its mean and then its variance, reads it once and holds it: the
/// threads with one threadIdx.y share a row, thread x holds packs x, x + blockDim.x, … of it, as many as make 4
/// floats. The host chooses blockDim.x so that this is the whole row up to 4096 columns; of longer rows the rest is
/// read again.
constexpr int HELD = 4;
constexpr int MOST_ROW_THREADS = 1024;

/// Calls f(j, column) for each pack of this thread: j is its place among those held, HELD / V if it is not.
template <int V, class F>
__device__ __forceinline__ void along_row(unsigned columns, F f) {
    unsigned column = V * threadIdx.x;
#pragma unroll
    for (int j = 0; j < HELD / V; j++, column += V * blockDim.x) {
        if (column < columns) f(j, column);
    }
#pragma unroll 1
    for (; column < columns; column += V * blockDim.x) f(HELD / V, column);
}

/// This thread's part of one row.
template <int V>
struct Row {
    const float* start;
    Pack<V> held[HELD / V];

    __device__ __forceinline__ Row(const float* row, unsigned columns) : start(row) {
#pragma unroll
        for (int j = 0; j < HELD / V; j++) {
            unsigned column = V * (j * blockDim.x + threadIdx.x);
            held[j] = column < columns ? load<V>(row + column) : repeated<V>(0);
        }
    }

    __device__ __forceinline__ Pack<V> at(int j, unsigned column) const {
        return j < HELD / V ? held[j] : load<V>(start + column);
    }
};

// ---- The step state -----------------------------------------------------------------------------------------------

/// What changes from one training step to the next lies on the device, in these slots: StepState.java.
enum StepState { LEARNING_RATE, STEP, TEACHER_FORCING, GRADIENT_NORM, CLIP };

// ---- Activations --------------------------------------------------------------------------------------------------

/// Φ(x), the normal distribution function. By erfc rather than 1 + erf, which would cancel for negative x.
__device__ __forceinline__ float normal_distribution(float x) { return 0.5f * erfcf(-0.70710678f * x); }

/// x · Φ(x).
__device__ __forceinline__ float gelu(float x) { return x * normal_distribution(x); }

/// Φ(x) + x · φ(x), φ(x) = exp(−x²/2)/√2π.
__device__ __forceinline__ float gelu_derivative(float x) {
    return normal_distribution(x) + x * (0.39894228f * expf(-0.5f * x * x));
}

/// σ(x) = 1/(1 + exp(−x)); where exp overflows, 1/Inf is the right 0.
__device__ __forceinline__ float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

/// x · σ(x).
__device__ __forceinline__ float silu(float x) { return x * sigmoid(x); }

/// σ(x)(1 + x(1 − σ(x))).
__device__ __forceinline__ float silu_derivative(float x) {
    float s = sigmoid(x);
    return s * (1.0f + x * (1.0f - s));
}

/// exp(−2u), u = √(2/π)(x + 0.044715 x³); kept finite, so that 0 · it is 0. A comparison, because fminf drops a NaN.
__device__ __forceinline__ float gelu_tanh_exp(float x) {
    float exponent = -x * fmaf(0.0713548163f, x * x, 1.59576912f);
    return expf(exponent > 88.0f ? 88.0f : exponent);
}

/// x/2 · (1 + tanh(u)), written as x · σ(2u), which does not cancel for negative x.
__device__ __forceinline__ float gelu_tanh(float x) { return x / (1.0f + gelu_tanh_exp(x)); }

/// σ(2u) + x · 2u′ · σ(2u)(1 − σ(2u)), with 1 − σ = exp(−2u) σ, which does not cancel either.
__device__ __forceinline__ float gelu_tanh_derivative(float x) {
    float e = gelu_tanh_exp(x);
    float s = 1.0f / (1.0f + e);
    float slope = x * fmaf(0.214064449f, x * x, 1.59576912f);
    return fmaf(slope * s, e * s, s);
}

/// x · σ(1.702 x).
__device__ __forceinline__ float quick_gelu(float x) { return x * sigmoid(1.702f * x); }

/// That of silu at 1.702 x.
__device__ __forceinline__ float quick_gelu_derivative(float x) { return silu_derivative(1.702f * x); }

/// 1 − tanh² = 4e/(1 + e)², e = exp(−2|x|): nothing cancels where tanh is near 1.
__device__ __forceinline__ float tanh_derivative(float x) {
    float e = expf(-2.0f * fabsf(x));
    return 4.0f * e / ((1.0f + e) * (1.0f + e));
}
