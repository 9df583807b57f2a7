// Matrix products in fp32, and the linear layers built on them: C = op(A) op(B), and what follows it while C is still in
// registers.
//
//     TN   y = x Wᵀ     x (M, K), W (N, K)    forward pass; also every linear layer with its epilogue
//     NN   dx = dy W    dy (M, K), W (K, N)   gradient of the input
//     NT   dW = dyᵀ x   dy (K, M), x (K, N)   gradient of the weight; here K counts rows, and is long
//
// In every layout M and N are the extents of the result and K is what the sum runs over; all matrices are row-major.
//
// The tiling. A naive product reads 2·K floats from memory for each of its M·N results. Every level of the machine below
// memory holds a rectangle of the result, and the larger the rectangle, the fewer floats each multiply-add needs from
// the level above:
//
//            K                     N                              one block                one warp      one thread
//        ┌───────┐           ┌───┬───┬───┐                    BN (128 or 64)              WN = 64       TN = 4 + 4
//        │       │         K │   │ b │   │                  ┌───────┬───────┐         ┌────┬────┐       ┌────┬ ┬────┐
//      M ├───────┤   ·       │   │   │   │    →    BM (128  │ warp  │       │     WM  │    │    │    TM │    │…│    │
//        │   a   │           └───┴───┴───┘         or 64)   ├───────┼───────┤  = 4·TM ├────┼────┤     8 │    │ │    │
//        ├───────┤                                          │       │       │         │ 4 × 8   │  or 4 │    │ │    │
//        └───────┘                                          └───────┴───────┘         └ threads ┘       └────┴ ┴────┘
//
//   block   computes BM × BN of C. It walks along K in slabs of BK = 16: BM × BK of A and BK × BN of B are copied to shared
//           memory and read from there by all of its threads.
//   warp    computes WM × WN of that: 4 × 8 threads, so that what a warp reads in one instruction are 32 and 16
//           neighbouring floats, each bank once.
//   thread  keeps TM × TN sums in registers; each step of k takes TM + TN floats from shared memory for TM · TN
//           multiply-adds: 16 for 64 in the large tile.
//
// In shared memory both slabs lie as [k][m] and [k][n], whatever their layout in global memory: an operand whose rows run
// along K is turned while it is copied. So there is one inner loop for all three layouts.
//
// While slab i is multiplied, slab i + 1 is on its way into the other half of a two-stage ring (cp.async): one barrier a
// slab both shows the arrived slab to everyone and tells that nobody reads the half to be overwritten.
//
// Traffic. Each block reads its BM rows and BN columns once, so a tiled product moves at least
//
//     4 · (M·K·⌈N/BN⌉ + N·K·⌈M/BM⌉ + M·N) bytes,
//
// and this one moves just that: tails are cut to the element, nothing is padded, and every warp reads whole 32-byte
// sectors where rows start on them. Blocks are numbered along N first, so that those which run together share rows of A,
// while all of a weight stays in the second-level cache.
//
// A fixed order of summation, that of k, in every element: the same shape gives the same bits whatever the order in
// which blocks and threads run. Where K is cut into slices to fill the machine (gemm_nt), a second pass adds up the
// slices in their order.
//
// What tensor cores will change: multiply_slab, which becomes ldmatrix and mma.sync on bf16 slabs that need no turning.
// Tiles, ring, epilogues and the choice of tile (CudaMatmul) remain.

#include "common.cuh"
#include "tile.cuh"

namespace {

constexpr int LANES_M = 4;  // a warp's threads as 4 × 8
constexpr int LANES_N = 8;
constexpr int BK = 16;
constexpr int STAGES = 2;

/**
 * A row of a slab is longer by this. A turned copy writes 8 steps of k for 4 rows in one instruction, to banks
 * 4·k + m: all different. Without the padding, all to the banks of one k.
 */
constexpr int PAD = 4;

constexpr int TN = 2 * QUAD;
constexpr int WN = LANES_N * TN;  // a thread's two quads of columns are WN / 2 apart

template <int BM_, int BN_, int TM_>
struct Tile {
    static constexpr int BM = BM_;
    static constexpr int BN = BN_;
    static constexpr int TM = TM_;
    static constexpr int WM = LANES_M * TM;
    static constexpr int WARPS_N = BN / WN;
    static constexpr int THREADS = BM / WM * WARPS_N * WARP;
};

using Large = Tile<128, 128, 8>;  // 256 threads
using Small = Tile<64, 64, 4>;    // 128 threads: four times as many blocks, for results too small to fill the machine

/** One slab of both operands. */
template <class T>
struct Slab {
    alignas(16) float a[BK][T::BM + PAD];
    alignas(16) float b[BK][T::BN + PAD];
};

// ---------------------------------------------------------------------------------------------------------------------
// Operands: how a slab gets to shared memory.

/** Row i of a tile is row first + i of the matrix; −1 past its end. */
struct Rows {
    int first;
    int rows;

    __device__ int operator()(int i) const { return first + i < rows ? first + i : -1; }
};

/**
 * The rows of a SwiGLU weight (2F, K), gates before ups, such that one thread gets the gate and the up of the same
 * channels: of each WN rows of a tile the first half are gates, the second half their ups.
 */
struct GateAndUp {
    int first;  // channel of the tile's first gate
    int F;

    __device__ int operator()(int i) const {
        int channel = first + i / WN * (WN / 2) + i % (WN / 2);
        int half = i % WN / (WN / 2);
        return channel < F ? half * F + channel : -1;
    }
};

/**
 * An operand (rows, K) whose rows run along K: turned while it is copied. Eight threads read the 32 bytes of a sector; a
 * float at a time, because its neighbour in memory goes to another row of shared memory. So any K will do.
 */
template <class T, int EXTENT, class RowOf>
struct AlongK {
    const float* x;
    RowOf row_of;
    int K;

    __device__ void copy(float (*slab)[EXTENT + PAD], int k0) const {
        constexpr int LANES_K = 8;
        int k = threadIdx.x % LANES_K;
#pragma unroll
        for (int i = threadIdx.x / LANES_K; i < EXTENT; i += T::THREADS / LANES_K) {
            int row = row_of(i);
            const float* from = x + static_cast<ptrdiff_t>(row) * K + k0 + k;
#pragma unroll
            for (int j = 0; j < BK; j += LANES_K) {
                copy_async_4(&slab[k + j][i], from + j, (row >= 0) & (k0 + k + j < K));
            }
        }
    }
};

/** An operand (K, columns) whose rows run across K: copied as it lies, columns first … first + EXTENT − 1. */
template <class T, int EXTENT, bool VECTOR>
struct AcrossK {
    const float* x;
    int first;
    int columns;
    int K;

    __device__ void copy(float (*slab)[EXTENT + PAD], int k0) const {
        const float* from = x + static_cast<size_t>(k0) * columns + first;
        copy_rows<BK, EXTENT, EXTENT + PAD, T::THREADS, VECTOR>(slab, from, columns, K - k0, columns - first);
    }
};

// ---------------------------------------------------------------------------------------------------------------------
// The product.

/** Where a thread's first result lies in the tile of its block. */
template <class T>
struct Place {
    int m;
    int n;

    __device__ Place() {
        int warp = threadIdx.x / WARP;
        int lane = threadIdx.x % WARP;
        m = warp / T::WARPS_N * T::WM + lane / LANES_N * QUAD;
        n = warp % T::WARPS_N * WN + lane % LANES_N * QUAD;
    }

    /** Row of the thread's i-th result: quads of rows, one for each of the LANES_M threads below each other. */
    __device__ int row(int i) const { return m + i / QUAD * QUAD * LANES_M + i % QUAD; }
};

/** c += aᵀ b for the BK steps of one slab. */
template <class T>
DEVICE void multiply_slab(float (&c)[T::TM][TN], const Slab<T>& slab, const Place<T>& at) {
#pragma unroll 4
    for (int k = 0; k < BK; k++) {
        float a[T::TM];
        float b[TN];
#pragma unroll
        for (int i = 0; i < T::TM; i += QUAD) {
            unpack(a + i, &slab.a[k][at.row(i)]);
        }
        unpack(b, &slab.b[k][at.n]);
        unpack(b + QUAD, &slab.b[k][at.n + WN / 2]);
#pragma unroll
        for (int i = 0; i < T::TM; i++) {
#pragma unroll
            for (int j = 0; j < TN; j++) {
                c[i][j] += a[i] * b[j];
            }
        }
    }
}

/** The block's tile of op(A) op(B), each of its first `rows` rows handed to the epilogue in two quads. */
template <class T, class A, class B, class Epilogue>
DEVICE void multiply(const A& a, const B& b, int K, int rows, const Epilogue& epilogue) {
    __shared__ Slab<T> ring[STAGES];
    Place<T> at;
    float c[T::TM][TN] = {};
    a.copy(ring[0].a, 0);
    b.copy(ring[0].b, 0);
    copy_async_commit();
    int stage = 0;
    for (int k0 = 0; k0 < K; k0 += BK) {
        copy_async_wait<0>();
        __syncthreads();
        int next = k0 + BK;
        if (next < K) {
            a.copy(ring[stage ^ 1].a, next);
            b.copy(ring[stage ^ 1].b, next);
            copy_async_commit();
        }
        multiply_slab<T>(c, ring[stage], at);
        stage ^= 1;
    }
#pragma unroll
    for (int i = 0; i < T::TM; i++) {
        if (at.row(i) < rows) {
            epilogue(at.row(i), at.n, pack(c[i]), pack(c[i] + QUAD));
        }
    }
}

/** Where a block's tile lies in a result that is ⌈columns / BN⌉ tiles wide: tiles are numbered along N first. */
template <int BM, int BN>
struct Origin {
    int m;
    int n;

    __device__ explicit Origin(int columns) {
        int tiles = (columns + BN - 1) / BN;
        m = static_cast<int>(blockIdx.x) / tiles * BM;
        n = static_cast<int>(blockIdx.x) % tiles * BN;
    }
};

// ---------------------------------------------------------------------------------------------------------------------
// Epilogues: what becomes of row m of the tile, columns n … n + 3 and n + WN/2 … n + WN/2 + 3, while still in registers.

/** A quad of a matrix with N columns: its place, and how much of it exists. */
struct Quad {
    size_t at;
    int n;
    int left;
    bool aligned;

    __device__ Quad(int m, int n, int N)
        : at(static_cast<size_t>(m) * N + n), n(n), left(N - n), aligned(N % QUAD == 0) {}

    __device__ float4 of(const float* matrix) const { return load_quad(matrix + at, left, aligned); }
    __device__ float4 of_row(const float* row) const { return load_quad(row + n, left, aligned); }
    __device__ void put(float* matrix, float4 v) const { store_quad(matrix + at, v, left, aligned); }
};

/** z + bias, if there is one. */
DEVICE float4 plus_bias(float4 z, const float* bias, const Quad& quad) {
    return bias == nullptr ? z : z + quad.of_row(bias);
}

/** An epilogue that treats both quads alike, as columns of an (M, N) result. */
template <class Each>
struct Apart {
    int m0;
    int n0;
    int N;
    Each each;

    __device__ void operator()(int m, int n, float4 left, float4 right) const {
        each(left, m0 + m, Quad(m0 + m, n0 + n, N));
        each(right, m0 + m, Quad(m0 + m, n0 + n + WN / 2, N));
    }
};

/** y (+)= z + bias. */
struct Linear {
    float* y;
    const float* bias;
    bool add;

    __device__ void operator()(float4 z, int, const Quad& quad) const {
        float4 sum = plus_bias(z, bias, quad);
        quad.put(y, add ? quad.of(y) + sum : sum);
    }
};

/** u = z + bias, y = gelu(u). */
struct Gelu {
    float* y;
    float* u;
    const float* bias;

    __device__ void operator()(float4 z, int, const Quad& quad) const {
        float4 sum = plus_bias(z, bias, quad);
        if (u != nullptr) {
            quad.put(u, sum);
        }
        quad.put(y, make_float4(gelu(sum.x), gelu(sum.y), gelu(sum.z), gelu(sum.w)));
    }
};

/** z += bias, y = residual + scale ⊙ z; the scale has a row for each group of rows. */
struct Residual {
    float* y;
    float* z;
    const float* residual;
    const float* scale;
    const float* bias;
    int N;
    int rows_per_group;

    __device__ void operator()(float4 product, int m, const Quad& quad) const {
        float4 sum = plus_bias(product, bias, quad);
        if (z != nullptr) {
            quad.put(z, sum);
        }
        if (scale != nullptr) {
            sum = sum * quad.of_row(scale + static_cast<size_t>(m / rows_per_group) * N);
        }
        quad.put(y, quad.of(residual) + sum);
    }
};

/** [gate | up] = u = z + bias, y = silu(gate) ⊙ up: the left quad holds gates, the right one their ups (GateAndUp). */
struct SwiGlu {
    float* y;
    float* u;
    const float* bias;
    int m0;
    int f0;
    int F;

    __device__ void operator()(int m, int n, float4 left, float4 right) const {
        Quad quad(m0 + m, f0 + n / WN * (WN / 2) + n % WN, F);
        float4 gate = plus_bias(left, bias, quad);
        float4 up = plus_bias(right, bias == nullptr ? nullptr : bias + F, quad);
        if (u != nullptr) {
            float* row = u + static_cast<size_t>(m0 + m) * 2 * F + quad.n;
            store_quad(row, gate, quad.left, quad.aligned);
            store_quad(row + F, up, quad.left, quad.aligned);
        }
        quad.put(y, make_float4(silu(gate.x), silu(gate.y), silu(gate.z), silu(gate.w)) * up);
    }
};

// ---------------------------------------------------------------------------------------------------------------------
// Layouts with their epilogues, for either tile.

/** x Wᵀ with an epilogue for each quad. */
template <class T, class Each>
DEVICE void linear(const float* x, const float* weight, int M, int N, int K, const Each& each) {
    Origin<T::BM, T::BN> origin(N);
    AlongK<T, T::BM, Rows> a{x, {origin.m, M}, K};
    AlongK<T, T::BN, Rows> b{weight, {origin.n, N}, K};
    multiply<T>(a, b, K, M - origin.m, Apart<Each>{origin.m, origin.n, N, each});
}

template <class T>
DEVICE void linear_swiglu(float* y, float* u, const float* x, const float* weight, const float* bias, int M, int F,
                          int K) {
    Origin<T::BM, T::BN / 2> origin(F);
    AlongK<T, T::BM, Rows> a{x, {origin.m, M}, K};
    AlongK<T, T::BN, GateAndUp> b{weight, {origin.n, F}, K};
    multiply<T>(a, b, K, M - origin.m, SwiGlu{y, u, bias, origin.m, origin.n, F});
}

template <class T, bool VECTOR>
DEVICE void nn(float* c, const float* a, const float* b, int M, int N, int K, bool add) {
    Origin<T::BM, T::BN> origin(N);
    AlongK<T, T::BM, Rows> left{a, {origin.m, M}, K};
    AcrossK<T, T::BN, VECTOR> right{b, origin.n, N, K};
    multiply<T>(left, right, K, M - origin.m, Apart<Linear>{origin.m, origin.n, N, {c, nullptr, add}});
}

/** Slice blockIdx.y of K, `slice` long, to the blockIdx.y-th of as many results. */
template <class T, bool VECTOR>
DEVICE void nt(float* c, const float* a, const float* b, int M, int N, int K, int slice, bool add) {
    Origin<T::BM, T::BN> origin(N);
    size_t k0 = static_cast<size_t>(blockIdx.y) * slice;
    int length = min(static_cast<int>(K - k0), slice);
    AcrossK<T, T::BM, VECTOR> left{a + k0 * M, origin.m, M, length};
    AcrossK<T, T::BN, VECTOR> right{b + k0 * N, origin.n, N, length};
    float* result = c + static_cast<size_t>(blockIdx.y) * M * N;
    multiply<T>(left, right, length, M - origin.m, Apart<Linear>{origin.m, origin.n, N, {result, nullptr, add}});
}

}  // namespace

// ---------------------------------------------------------------------------------------------------------------------
// Kernels. _128 is the large tile, _64 the small one; _any copies a float at a time, for row lengths that are no multiple
// of four. Grid: one block a tile of the result.

// y (M, N) (+)= x (M, K) Wᵀ + bias; bias may be null

// budget: 128 registers, 33792 bytes shared, 25 % occupancy at 256 threads
// reason: TODO
extern "C" __global__ void __launch_bounds__(256, 2)
gemm_linear_128(float* y, const float* x, const float* weight, const float* bias, int M, int N, int K, int add) {
    linear<Large>(x, weight, M, N, K, Linear{y, bias, add != 0});
}

extern "C" __global__ void __launch_bounds__(128)
gemm_linear_64(float* y, const float* x, const float* weight, const float* bias, int M, int N, int K, int add) {
    linear<Small>(x, weight, M, N, K, Linear{y, bias, add != 0});
}

// u (M, N) = x Wᵀ + bias, y = gelu(u); u and bias may be null

extern "C" __global__ void __launch_bounds__(256, 2)
gemm_linear_gelu_128(float* y, float* u, const float* x, const float* weight, const float* bias, int M, int N, int K) {
    linear<Large>(x, weight, M, N, K, Gelu{y, u, bias});
}

extern "C" __global__ void __launch_bounds__(128)
gemm_linear_gelu_64(float* y, float* u, const float* x, const float* weight, const float* bias, int M, int N, int K) {
    linear<Small>(x, weight, M, N, K, Gelu{y, u, bias});
}

// [gate | up] = u (M, 2F) = x Wᵀ + bias, y (M, F) = silu(gate) ⊙ up; u and bias may be null

extern "C" __global__ void __launch_bounds__(256, 2)
gemm_linear_swiglu_128(float* y, float* u, const float* x, const float* weight, const float* bias, int M, int F, int K) {
    linear_swiglu<Large>(y, u, x, weight, bias, M, F, K);
}

extern "C" __global__ void __launch_bounds__(128)
gemm_linear_swiglu_64(float* y, float* u, const float* x, const float* weight, const float* bias, int M, int F, int K) {
    linear_swiglu<Small>(y, u, x, weight, bias, M, F, K);
}

// z (M, N) = x Wᵀ + bias, y = residual + scale ⊙ z; z, scale and bias may be null

extern "C" __global__ void __launch_bounds__(256, 2)
gemm_linear_residual_128(float* y, float* z, const float* residual, const float* scale, const float* x,
                         const float* weight, const float* bias, int M, int N, int K, int rows_per_group) {
    linear<Large>(x, weight, M, N, K, Residual{y, z, residual, scale, bias, N, rows_per_group});
}

extern "C" __global__ void __launch_bounds__(128)
gemm_linear_residual_64(float* y, float* z, const float* residual, const float* scale, const float* x,
                        const float* weight, const float* bias, int M, int N, int K, int rows_per_group) {
    linear<Small>(x, weight, M, N, K, Residual{y, z, residual, scale, bias, N, rows_per_group});
}

// c (M, N) (+)= a (M, K) b (K, N)

extern "C" __global__ void __launch_bounds__(256, 2)
gemm_nn_128(float* c, const float* a, const float* b, int M, int N, int K, int add) {
    nn<Large, true>(c, a, b, M, N, K, add != 0);
}

extern "C" __global__ void __launch_bounds__(128)
gemm_nn_64(float* c, const float* a, const float* b, int M, int N, int K, int add) {
    nn<Small, true>(c, a, b, M, N, K, add != 0);
}

extern "C" __global__ void __launch_bounds__(256, 2)
gemm_nn_any_128(float* c, const float* a, const float* b, int M, int N, int K, int add) {
    nn<Large, false>(c, a, b, M, N, K, add != 0);
}

extern "C" __global__ void __launch_bounds__(128)
gemm_nn_any_64(float* c, const float* a, const float* b, int M, int N, int K, int add) {
    nn<Small, false>(c, a, b, M, N, K, add != 0);
}

// c (M, N) (+)= aᵀ b, a (K, M), b (K, N); or slices of it: c (slices, M, N), grid (tiles, slices), each `slice` rows of
// a and b, the last one what is left

extern "C" __global__ void __launch_bounds__(256, 2)
gemm_nt_128(float* c, const float* a, const float* b, int M, int N, int K, int slice, int add) {
    nt<Large, true>(c, a, b, M, N, K, slice, add != 0);
}

extern "C" __global__ void __launch_bounds__(128)
gemm_nt_64(float* c, const float* a, const float* b, int M, int N, int K, int slice, int add) {
    nt<Small, true>(c, a, b, M, N, K, slice, add != 0);
}

extern "C" __global__ void __launch_bounds__(256, 2)
gemm_nt_any_128(float* c, const float* a, const float* b, int M, int N, int K, int slice, int add) {
    nt<Large, false>(c, a, b, M, N, K, slice, add != 0);
}

extern "C" __global__ void __launch_bounds__(128)
gemm_nt_any_64(float* c, const float* a, const float* b, int M, int N, int K, int slice, int add) {
    nt<Small, false>(c, a, b, M, N, K, slice, add != 0);
}

// partial (chunks, N): column sums of dy (M, N) over `chunk` rows each. Grid (⌈N/32⌉, chunks): a warp reads 32
// neighbouring columns of a row, the block's eight warps every eighth row.

extern "C" __global__ void __launch_bounds__(256)
gemm_column_sums(float* partial, const float* dy, int M, int N, int chunk) {
    constexpr int WARPS = 8;
    __shared__ float sums[WARPS][WARP];
    int warp = threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    int n = blockIdx.x * WARP + lane;
    int first = blockIdx.y * chunk;
    int end = min(M - first, chunk) + first;
    float sum = 0;
    if (n < N) {
        for (int m = first + warp; m < end; m += WARPS) {
            sum += dy[static_cast<size_t>(m) * N + n];
        }
    }
    sums[warp][lane] = sum;
    __syncthreads();
    if (warp == 0 && n < N) {
        for (int other = 1; other < WARPS; other++) {
            sum += sums[other][lane];
        }
        partial[static_cast<size_t>(blockIdx.y) * N + n] = sum;
    }
}

// y (size) (+)= partial (slices, size) summed over the slices, in their order. One thread an element.

extern "C" __global__ void __launch_bounds__(256)
gemm_sum_slices(float* y, const float* partial, int slices, int size, int add) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= size) {
        return;
    }
    float sum = 0;
    for (int slice = 0; slice < slices; slice++) {
        sum += partial[static_cast<size_t>(slice) * size + i];
    }
    y[i] = add != 0 ? y[i] + sum : sum;
}
