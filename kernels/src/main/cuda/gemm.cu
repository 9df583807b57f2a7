// Matrix products in fp32, and the linear layers built on them: C = op(A) op(B), and what follows it while C is still in
// registers.
//
//     TN   y = x Wᵀ     x (M, K), W (N, K)    forward pass: every linear layer, with its epilogue
//     NN   dx = dy W    dy (M, K), W (K, N)   gradient of the input
//     NT   dW = dyᵀ x   dy (K, M), x (K, N)   gradient of the weight; here K counts rows, and is long
//
// In each layout M and N are the extents of the result, and K is what the sum runs over; all matrices are row-major.
//
// Tiling. A naive product reads 2·K floats from memory for each of its M·N results. Every level of the machine below
// memory holds a rectangle of the result instead, and the larger the rectangle, the fewer floats each multiply-add needs
// from the level above:
//
//             K                     N
//         ┌───────┐           ┌───┬───┬───┐       a block's tile          a warp's part      a thread's part
//         │       │         K │   │ b │   │           BN                      WN
//       M ├───────┤     ·     │   │   │   │       ┌───────┬───────┐       ┌─────┬─────┐       4       4
//         │   a   │           └───┴───┴───┘       │ warp  │ warp  │       │4 × 8│quads│     ┌───┐ … ┌───┐ 4
//         ├───────┤                            BM ├───────┼───────┤    WM ├─────┼─────┤     └───┘   └───┘
//         └───────┘                               │ warp  │ warp  │       │     │     │       ⋮       ⋮
//                                                 └───────┴───────┘       └─────┴─────┘     └───┘ … └───┘
//
//   block    computes BM × BN of C. It walks along K in slabs of BK = 16: BM × BK of A and BK × BN of B are copied to
//            shared memory, and read from there by all of its threads.
//   warp     computes WM × WN of the tile, by 4 × 8 threads: what they read in one instruction are 16 neighbouring floats
//            of a or 32 of b, each bank of shared memory once.
//   thread   keeps TM × TN sums in registers: squares of 4 × 4, two across and TM / 4 down, with those of the warp's other
//            threads between them. Each step of k takes TM + TN floats from shared memory for TM · TN multiply-adds: 16
//            for 64 in the large tile.
//
// In shared memory both slabs lie as [k][m] and [k][n], whatever their layout in global memory: an operand whose rows run
// along K is turned while it is copied. So one inner loop serves all three layouts.
//
// While slab i is multiplied, slab i + 1 is on its way into the other half of a ring of two (cp.async). One barrier a slab
// does for both directions: the slab that has arrived is shown to everybody, and nobody reads the half that is about to
// be overwritten.
//
// Traffic. Each block reads its BM rows of A and BN columns of B once, so this tiling moves at least
//
//     4 · (M·K·⌈N/BN⌉ + N·K·⌈M/BM⌉ + M·N) bytes
//
// between global and shared memory, and it moves just that: tails are cut to the element, nothing is padded, a warp reads
// whole 32-byte sectors where rows start on them. (Rows of a length that is no multiple of four are written a float at a
// time, which touches four times the sectors.) Tiles are numbered along N first: blocks that run at the same time share
// rows of A, and a weight stays in the second-level cache.
//
// Every element is summed in the order of k, whichever tile it belongs to: a shape gives the same bits whatever the order
// in which blocks and threads run. Where K is cut into slices to fill the machine (gemm_nt), their results are added up
// afterwards in a fixed order (reduce_columns).
//
// What tensor cores will change is multiply_slab, which becomes ldmatrix and mma.sync on bf16 slabs that need no turning.
// Tiles, ring, epilogues and the choice between tiles (GemmPlan.java) remain.
#include "tile.cuh"

constexpr unsigned LANES_M = 4;  // a warp's threads, as 4 × 8
constexpr unsigned LANES_N = 8;
constexpr unsigned BK = 16;
constexpr unsigned STAGES = 2;

/// A row of a slab is longer by this: a turned copy writes 8 steps of k for 4 rows in one instruction, to banks 4·k + m, all
/// of them different. Without it, 8 steps of k would share 4 banks.
constexpr unsigned PAD = 4;

constexpr unsigned TN = 2 * QUAD;
constexpr unsigned WN = LANES_N * TN;
constexpr unsigned HALF = WN / 2;  // from a thread's first quad of columns to its second

template <unsigned BM_, unsigned BN_, unsigned TM_>
struct Tile {
    static constexpr unsigned BM = BM_;
    static constexpr unsigned BN = BN_;
    static constexpr unsigned TM = TM_;
    static constexpr unsigned WM = LANES_M * TM;
    static constexpr unsigned WARPS_N = BN / WN;
    static constexpr unsigned THREADS = BM / WM * WARPS_N * WARP;
};

using Large = Tile<128, 128, 8>;  // 256 threads
using Small = Tile<64, 64, 4>;    // 128 threads; four times as many blocks, for results too small to fill the machine

/// One step of the ring: BK steps of k of both operands.
template <class T>
struct Slab {
    alignas(16) float a[BK][T::BM + PAD];
    alignas(16) float b[BK][T::BN + PAD];
};

// ---- Operands: how a slab gets to shared memory ---------------------------------------------------------------------

/// Row i of a tile is row first + i of the matrix.
struct Rows {
    unsigned first;
    unsigned count;

    __device__ unsigned row(unsigned i) const { return first + i; }
    __device__ bool has(unsigned i) const { return first + i < count; }
};

/// The rows of a SwiGLU weight (2F, K), gates before ups, in such an order that one thread gets the gates and the ups of the
/// same channels: of each WN rows of a tile the first half are gates, the second half their ups.
struct GatesAndUps {
    unsigned first;  // channel of the tile's first gate
    unsigned F;

    __device__ unsigned channel(unsigned i) const { return first + i / WN * HALF + i % HALF; }
    __device__ unsigned row(unsigned i) const { return i / HALF % 2 * F + channel(i); }
    __device__ bool has(unsigned i) const { return channel(i) < F; }
};

/// An operand (rows, K) whose rows run along K: turned while it is copied. Eight threads read a sector of 32 bytes, each a
/// single float, because its neighbour in memory goes to another row of the slab. So any K will do.
template <class T, unsigned EXTENT, class RowsOf>
struct AlongK {
    const float* x;
    RowsOf rows;
    unsigned K;

    __device__ __forceinline__ void copy(float (*slab)[EXTENT + PAD], unsigned k0) const {
        constexpr unsigned LANES_K = 8;
        constexpr unsigned DOWN = T::THREADS / LANES_K;
        unsigned k = threadIdx.x % LANES_K;
#pragma unroll
        for (unsigned i0 = 0; i0 < EXTENT; i0 += DOWN) {
            unsigned i = i0 + threadIdx.x / LANES_K;
            const float* from = x + (rows.row(i) * K + k0 + k);
#pragma unroll
            for (unsigned j = 0; j < BK; j += LANES_K) {
                copy_async_4(&slab[k + j][i], from + j, rows.has(i) & (k0 + k + j < K));
            }
        }
    }
};

/// An operand (K, columns) whose rows run across K: copied as it lies, columns from `first` on.
template <class T, unsigned EXTENT, bool IS_ALIGNED>
struct AcrossK {
    const float* x;
    unsigned first;
    unsigned columns;
    unsigned K;

    __device__ __forceinline__ void copy(float (*slab)[EXTENT + PAD], unsigned k0) const {
        copy_rows<BK, EXTENT, EXTENT + PAD, T::THREADS, IS_ALIGNED>(
            slab, x + (k0 * columns + first), columns, K - k0, columns - first);
    }
};

// ---- The product ----------------------------------------------------------------------------------------------------

/// Where a thread's part lies in the tile of its block.
template <class T>
struct Place {
    unsigned m;
    unsigned n;

    __device__ Place() {
        unsigned warp = threadIdx.x / WARP;
        unsigned lane = threadIdx.x % WARP;
        m = warp / T::WARPS_N * T::WM + lane / LANES_N * QUAD;
        n = warp % T::WARPS_N * WN + lane % LANES_N * QUAD;
    }

    /// Row of the thread's i-th result. Between two of its quads lie those of the warp's other threads.
    __device__ unsigned row(unsigned i) const { return m + i / QUAD * QUAD * LANES_M + i % QUAD; }
};

/// c += aᵀ b over the BK steps of one slab.
template <class T>
__device__ __forceinline__ void multiply_slab(float (&c)[T::TM][TN], const Slab<T>& slab, const Place<T>& at) {
#pragma unroll 4
    for (unsigned k = 0; k < BK; k++) {
        float a[T::TM];
        float b[TN];
#pragma unroll
        for (unsigned i = 0; i < T::TM; i += QUAD) read_quad(a + i, &slab.a[k][at.row(i)]);
        read_quad(b, &slab.b[k][at.n]);
        read_quad(b + QUAD, &slab.b[k][at.n + HALF]);
#pragma unroll
        for (unsigned i = 0; i < T::TM; i++) {
#pragma unroll
            for (unsigned j = 0; j < TN; j++) c[i][j] += a[i] * b[j];
        }
    }
}

/// The block's tile of op(A) op(B). Of each of its first `rows` rows the epilogue gets the thread's two quads.
template <class T, class A, class B, class Epilogue>
__device__ __forceinline__ void multiply(const A& a, const B& b, unsigned K, unsigned rows, const Epilogue& epilogue) {
    __shared__ Slab<T> ring[STAGES];
    Place<T> at;
    float c[T::TM][TN] = {};
    a.copy(ring[0].a, 0);
    b.copy(ring[0].b, 0);
    copy_async_commit();
    unsigned stage = 0;
    for (unsigned k0 = 0; k0 < K; k0 += BK) {
        copy_async_wait<0>();
        __syncthreads();
        unsigned next = k0 + BK;
        if (next < K) {
            a.copy(ring[stage ^ 1].a, next);
            b.copy(ring[stage ^ 1].b, next);
            copy_async_commit();
        }
        multiply_slab<T>(c, ring[stage], at);
        stage ^= 1;
    }
#pragma unroll
    for (unsigned i = 0; i < T::TM; i++) {
        if (at.row(i) < rows) {
            Quad first{{c[i][0], c[i][1], c[i][2], c[i][3]}};
            Quad second{{c[i][4], c[i][5], c[i][6], c[i][7]}};
            epilogue(at.row(i), at.n, first, second);
        }
    }
}

/// Where a block's tile lies in a result that is `columns` wide.
template <unsigned BM, unsigned BN>
struct Origin {
    unsigned m;
    unsigned n;

    __device__ explicit Origin(unsigned columns) {
        unsigned tiles = ceil_div(columns, BN);
        m = blockIdx.x / tiles * BM;
        n = blockIdx.x % tiles * BN;
    }
};

// ---- Epilogues: what becomes of two quads of row m of the tile, at its columns n and n + HALF -----------------------

/// A quad of a matrix that is N wide.
struct Spot {
    unsigned at;
    unsigned n;
    unsigned left;
    bool is_aligned;

    __device__ Spot(unsigned m, unsigned n, unsigned N)
        : at(m * N + n), n(n), left(left_of_quad(N, n)), is_aligned(N % QUAD == 0) {}

    __device__ Quad of(const float* matrix) const { return load_quad(matrix + at, left, is_aligned); }
    __device__ Quad of_row(const float* row) const { return load_quad(row + n, left, is_aligned); }
    __device__ void put(float* matrix, Quad v) const { store_quad(matrix + at, v, left, is_aligned); }
};

/// z + bias, where there is one.
__device__ __forceinline__ Quad plus_bias(Quad z, const float* bias, const Spot& spot) {
    return bias == nullptr ? z : sum<QUAD>(z, spot.of_row(bias));
}

/// An epilogue that does the same to both quads, which are columns of an (M, N) result.
template <class Each>
struct Apart {
    unsigned m0;
    unsigned n0;
    unsigned N;
    Each each;

    __device__ __forceinline__ void operator()(unsigned m, unsigned n, Quad first, Quad second) const {
        each(first, m0 + m, Spot(m0 + m, n0 + n, N));
        each(second, m0 + m, Spot(m0 + m, n0 + n + HALF, N));
    }
};

/// y (+)= z + bias.
struct Linear {
    float* y;
    const float* bias;
    bool add;

    __device__ __forceinline__ void operator()(Quad z, unsigned, const Spot& spot) const {
        Quad u = plus_bias(z, bias, spot);
        spot.put(y, add ? sum<QUAD>(spot.of(y), u) : u);
    }
};

/// u = z + bias, y = gelu(u).
struct Gelu {
    float* y;
    float* u;
    const float* bias;

    __device__ __forceinline__ void operator()(Quad z, unsigned, const Spot& spot) const {
        Quad sums = plus_bias(z, bias, spot);
        if (u != nullptr) spot.put(u, sums);
        spot.put(y, apply<QUAD>([](float x) { return gelu(x); }, sums));
    }
};

/// z = product + bias, y = residual + scale ⊙ z; the scale has a row for each group of rows.
struct Residual {
    float* y;
    float* z;
    const float* residual;
    const float* scale;
    const float* bias;
    unsigned N;
    unsigned rows_per_group;

    __device__ __forceinline__ void operator()(Quad product, unsigned m, const Spot& spot) const {
        Quad branch = plus_bias(product, bias, spot);
        if (z != nullptr) spot.put(z, branch);
        if (scale != nullptr) {
            Quad factors = spot.of_row(scale + m / rows_per_group * N);
            branch = apply<QUAD>([](float factor, float x) { return factor * x; }, factors, branch);
        }
        spot.put(y, sum<QUAD>(spot.of(residual), branch));
    }
};

/// [gate | up] = u = z + bias, y = silu(gate) ⊙ up: by GatesAndUps the first quad holds gates and the second their ups.
struct SwiGlu {
    float* y;
    float* u;
    const float* bias;
    unsigned m0;
    GatesAndUps channels;

    __device__ __forceinline__ void operator()(unsigned m, unsigned n, Quad first, Quad second) const {
        unsigned F = channels.F;
        Spot spot(m0 + m, channels.channel(n), F);
        Quad gate = plus_bias(first, bias, spot);
        Quad up = plus_bias(second, bias == nullptr ? nullptr : bias + F, spot);
        if (u != nullptr) {
            spot.put(u + (m0 + m) * F, gate);  // row m of u starts where row 2m of y would
            spot.put(u + (m0 + m) * F + F, up);
        }
        spot.put(y, apply<QUAD>([](float g, float x) { return silu(g) * x; }, gate, up));
    }
};

// ---- Layouts and epilogues for either tile --------------------------------------------------------------------------

/// x Wᵀ, with an epilogue for each quad.
template <class T, class Each>
__device__ __forceinline__ void linear(
    const float* x, const float* weight, unsigned M, unsigned N, unsigned K, const Each& each) {
    Origin<T::BM, T::BN> origin(N);
    AlongK<T, T::BM, Rows> a{x, {origin.m, M}, K};
    AlongK<T, T::BN, Rows> b{weight, {origin.n, N}, K};
    multiply<T>(a, b, K, M - origin.m, Apart<Each>{origin.m, origin.n, N, each});
}

template <class T>
__device__ __forceinline__ void linear_swiglu(
    float* y, float* u, const float* x, const float* weight, const float* bias, unsigned M, unsigned F, unsigned K) {
    Origin<T::BM, T::BN / 2> origin(F);
    GatesAndUps channels{origin.n, F};
    AlongK<T, T::BM, Rows> a{x, {origin.m, M}, K};
    AlongK<T, T::BN, GatesAndUps> b{weight, channels, K};
    multiply<T>(a, b, K, M - origin.m, SwiGlu{y, u, bias, origin.m, channels});
}

template <class T, bool IS_ALIGNED>
__device__ __forceinline__ void nn(
    float* c, const float* a, const float* b, unsigned M, unsigned N, unsigned K, bool add) {
    Origin<T::BM, T::BN> origin(N);
    AlongK<T, T::BM, Rows> along{a, {origin.m, M}, K};
    AcrossK<T, T::BN, IS_ALIGNED> across{b, origin.n, N, K};
    multiply<T>(along, across, K, M - origin.m, Apart<Linear>{origin.m, origin.n, N, {c, nullptr, add}});
}

/// Steps of k from blockIdx.y · slice on, to result number blockIdx.y.
template <class T, bool IS_ALIGNED>
__device__ __forceinline__ void nt(
    float* c, const float* a, const float* b, unsigned M, unsigned N, unsigned K, unsigned slice, bool add) {
    Origin<T::BM, T::BN> origin(N);
    unsigned k0 = blockIdx.y * slice;
    unsigned length = min(K - k0, slice);
    AcrossK<T, T::BM, IS_ALIGNED> left{a + k0 * M, origin.m, M, length};
    AcrossK<T, T::BN, IS_ALIGNED> right{b + k0 * N, origin.n, N, length};
    float* result = c + static_cast<size_t>(blockIdx.y) * M * N;
    multiply<T>(left, right, length, M - origin.m, Apart<Linear>{origin.m, origin.n, N, {result, nullptr, add}});
}

// ---- Kernels --------------------------------------------------------------------------------------------------------
// One block a tile of the result. _128 has the large tile, _64 the small one. _any serves rows of any length, the others
// rows of a multiple of four floats; along K any length will do.

// y (M, N) (+)= x (M, K) Wᵀ + bias (N); bias may be null.
// budget: 127 registers, 33792 bytes shared, 25 % occupancy at 256 threads
// reason: a register tile of 64 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(256, 2) gemm_linear_128(
    float* y, const float* x, const float* weight, const float* bias, unsigned M, unsigned N, unsigned K, int add) {
    linear<Large>(x, weight, M, N, K, Linear{y, bias, add != 0});
}

// budget: 80 registers, 17408 bytes shared, 37 % occupancy at 128 threads
// reason: a register tile of 32 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(128, 6) gemm_linear_64(
    float* y, const float* x, const float* weight, const float* bias, unsigned M, unsigned N, unsigned K, int add) {
    linear<Small>(x, weight, M, N, K, Linear{y, bias, add != 0});
}

// u (M, N) = x (M, K) Wᵀ + bias (N), y (M, N) = gelu(u); u and bias may be null.
// budget: 126 registers, 33792 bytes shared, 25 % occupancy at 256 threads
// reason: a register tile of 64 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(256, 2) gemm_linear_gelu_128(
    float* y, float* u, const float* x, const float* weight, const float* bias, unsigned M, unsigned N, unsigned K) {
    linear<Large>(x, weight, M, N, K, Gelu{y, u, bias});
}

// budget: 80 registers, 17408 bytes shared, 37 % occupancy at 128 threads
// reason: a register tile of 32 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(128, 6) gemm_linear_gelu_64(
    float* y, float* u, const float* x, const float* weight, const float* bias, unsigned M, unsigned N, unsigned K) {
    linear<Small>(x, weight, M, N, K, Gelu{y, u, bias});
}

// [gate | up] = u (M, 2F) = x (M, K) Wᵀ + bias (2F), y (M, F) = silu(gate) · up; u and bias may be null.
// budget: 128 registers, 33792 bytes shared, 25 % occupancy at 256 threads
// reason: a register tile of 64 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(256, 2) gemm_linear_swiglu_128(
    float* y, float* u, const float* x, const float* weight, const float* bias, unsigned M, unsigned F, unsigned K) {
    linear_swiglu<Large>(y, u, x, weight, bias, M, F, K);
}

// budget: 79 registers, 17408 bytes shared, 37 % occupancy at 128 threads
// reason: a register tile of 32 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(128, 6) gemm_linear_swiglu_64(
    float* y, float* u, const float* x, const float* weight, const float* bias, unsigned M, unsigned F, unsigned K) {
    linear_swiglu<Small>(y, u, x, weight, bias, M, F, K);
}

// z (M, N) = x (M, K) Wᵀ + bias (N), y = residual + scale (M / rows_per_group, N) · z; z, scale and bias may be null.
// budget: 128 registers, 33792 bytes shared, 25 % occupancy at 256 threads
// reason: a register tile of 64 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(256, 2) gemm_linear_residual_128(
    float* y, float* z, const float* residual, const float* scale, const float* x, const float* weight,
    const float* bias, unsigned M, unsigned N, unsigned K, unsigned rows_per_group) {
    linear<Large>(x, weight, M, N, K, Residual{y, z, residual, scale, bias, N, rows_per_group});
}

// budget: 80 registers, 17408 bytes shared, 37 % occupancy at 128 threads
// reason: a register tile of 32 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(128, 6) gemm_linear_residual_64(
    float* y, float* z, const float* residual, const float* scale, const float* x, const float* weight,
    const float* bias, unsigned M, unsigned N, unsigned K, unsigned rows_per_group) {
    linear<Small>(x, weight, M, N, K, Residual{y, z, residual, scale, bias, N, rows_per_group});
}

// c (M, N) (+)= a (M, K) b (K, N).
// budget: 128 registers, 33792 bytes shared, 25 % occupancy at 256 threads
// reason: a register tile of 64 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(256, 2) gemm_nn_128(
    float* c, const float* a, const float* b, unsigned M, unsigned N, unsigned K, int add) {
    nn<Large, true>(c, a, b, M, N, K, add != 0);
}

// budget: 80 registers, 17408 bytes shared, 37 % occupancy at 128 threads
// reason: a register tile of 32 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(128, 6) gemm_nn_64(
    float* c, const float* a, const float* b, unsigned M, unsigned N, unsigned K, int add) {
    nn<Small, true>(c, a, b, M, N, K, add != 0);
}

// budget: 128 registers, 33792 bytes shared, 25 % occupancy at 256 threads
// reason: a register tile of 64 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(256, 2) gemm_nn_any_128(
    float* c, const float* a, const float* b, unsigned M, unsigned N, unsigned K, int add) {
    nn<Large, false>(c, a, b, M, N, K, add != 0);
}

// budget: 80 registers, 17408 bytes shared, 37 % occupancy at 128 threads
// reason: a register tile of 32 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(128, 6) gemm_nn_any_64(
    float* c, const float* a, const float* b, unsigned M, unsigned N, unsigned K, int add) {
    nn<Small, false>(c, a, b, M, N, K, add != 0);
}

// c (M, N) (+)= aᵀ b, a (K, M), b (K, N). With several slices c is (slices, M, N), the grid (tiles, slices), and each slice
// sums over `slice` rows of a and b, the last one over what is left.
// budget: 128 registers, 33792 bytes shared, 25 % occupancy at 256 threads
// reason: a register tile of 64 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(256, 2) gemm_nt_128(
    float* c, const float* a, const float* b, unsigned M, unsigned N, unsigned K, unsigned slice, int add) {
    nt<Large, true>(c, a, b, M, N, K, slice, add != 0);
}

// budget: 80 registers, 17408 bytes shared, 37 % occupancy at 128 threads
// reason: a register tile of 32 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(128, 6) gemm_nt_64(
    float* c, const float* a, const float* b, unsigned M, unsigned N, unsigned K, unsigned slice, int add) {
    nt<Small, true>(c, a, b, M, N, K, slice, add != 0);
}

// budget: 127 registers, 33792 bytes shared, 25 % occupancy at 256 threads
// reason: a register tile of 64 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(256, 2) gemm_nt_any_128(
    float* c, const float* a, const float* b, unsigned M, unsigned N, unsigned K, unsigned slice, int add) {
    nt<Large, false>(c, a, b, M, N, K, slice, add != 0);
}

// budget: 80 registers, 17408 bytes shared, 37 % occupancy at 128 threads
// reason: a register tile of 32 sums a thread, as many independent multiply-adds, hides latency in place of warps
extern "C" __global__ void __launch_bounds__(128, 6) gemm_nt_any_64(
    float* c, const float* a, const float* b, unsigned M, unsigned N, unsigned K, unsigned slice, int add) {
    nt<Small, false>(c, a, b, M, N, K, slice, add != 0);
}
