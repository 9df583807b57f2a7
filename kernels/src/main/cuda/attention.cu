#include "tile.cuh"

namespace {

constexpr int LANES_ROW = 4;
constexpr int LANES_COLUMN = 8;
constexpr int TR = 4;
constexpr int WARP_ROWS = LANES_ROW * TR;

template <int DH_, int ROWS_, int COLUMNS_, int ACROSS_>
struct Tile {
    static constexpr int DH = DH_, ROWS = ROWS_, COLUMNS = COLUMNS_, ACROSS = ACROSS_;
    static constexpr int THREADS = ROWS / WARP_ROWS * ACROSS * WARP;
    static constexpr int LENGTH = DH + 4;
    static constexpr int WEIGHTS = COLUMNS + 8;
    static constexpr int TC = COLUMNS / (LANES_COLUMN * ACROSS);
    static constexpr int TD = DH / (LANES_COLUMN * ACROSS);
};

template <class T>
using Tokens = float[T::LENGTH];
template <class T>
using Weights = float[T::WEIGHTS];

/** Where a thread works: its first row, column of scores and channel of the output. */
template <class T>
struct Place {
    int row, column, channel;
    __device__ Place() {
        int warp = threadIdx.x / WARP, lane = threadIdx.x % WARP;
        row = warp / T::ACROSS * WARP_ROWS + lane / LANES_COLUMN;
        column = warp % T::ACROSS * (T::COLUMNS / T::ACROSS) + lane % LANES_COLUMN;
        channel = warp % T::ACROSS * (T::DH / T::ACROSS) + lane % LANES_COLUMN * QUAD;
    }
};

struct Head {
    int N, D, Dh, heads, image, head, first;
    template <class T>
    __device__ static Head of(int N, int heads, int Dh) {
        int blocks = (N + T::ROWS - 1) / T::ROWS;
        int pair = blockIdx.x / blocks;
        return {N, heads * Dh, Dh, heads, pair / heads, pair % heads, static_cast<int>(blockIdx.x) % blocks * T::ROWS};
    }
    __device__ size_t qkv(int part, int token) const {
        return (static_cast<size_t>(image) * N + token) * 3 * D + part * D + head * Dh;
    }
    __device__ size_t y(int token) const { return (static_cast<size_t>(image) * N + token) * D + head * Dh; }
    __device__ size_t row(int token) const { return (static_cast<size_t>(image) * heads + head) * N + token; }
};

template <class T, int ROWS>
__device__ __forceinline__ void copy(Tokens<T>* tile, const float* x, size_t stride, int tokens, int Dh) {
    if (Dh % QUAD == 0) {
        copy_rows<ROWS, T::DH, T::LENGTH, T::THREADS, true>(tile, x, stride, tokens, Dh);
    } else {
        copy_rows<ROWS, T::DH, T::LENGTH, T::THREADS, false>(tile, x, stride, tokens, Dh);
    }
}

__device__ __forceinline__ float4 quad(const float* x) { return *reinterpret_cast<const float4*>(x); }

/** s = a bᵀ */
template <class T>
__device__ __forceinline__ void dots(float (&s)[TR][T::TC], const Tokens<T>* a, const Tokens<T>* b, const Place<T>& at) {
#pragma unroll
    for (int r = 0; r < TR; r++) {
#pragma unroll
        for (int c = 0; c < T::TC; c++) s[r][c] = 0;
    }
#pragma unroll
    for (int d = 0; d < T::DH; d += QUAD) {
        float4 x[TR];
#pragma unroll
        for (int r = 0; r < TR; r++) x[r] = quad(&a[at.row + r * LANES_ROW][d]);
#pragma unroll
        for (int c = 0; c < T::TC; c++) {
            float4 z = quad(&b[at.column + c * LANES_COLUMN][d]);
#pragma unroll
            for (int r = 0; r < TR; r++) {
                s[r][c] += x[r].x * z.x;
                s[r][c] += x[r].y * z.y;
                s[r][c] += x[r].z * z.z;
                s[r][c] += x[r].w * z.w;
            }
        }
    }
}

/** o += w x */
template <class T>
__device__ __forceinline__ void weigh(float (&o)[TR][T::TD], const Weights<T>* w, const Tokens<T>* x, const Place<T>& at) {
#pragma unroll
    for (int c = 0; c < T::COLUMNS; c += QUAD) {
        float4 v[TR];
#pragma unroll
        for (int r = 0; r < TR; r++) v[r] = quad(&w[at.row + r * LANES_ROW][c]);
#pragma unroll
        for (int d = 0; d < T::TD; d += QUAD) {
            int channel = at.channel + d * LANES_COLUMN;
            float4 x0 = quad(&x[c][channel]), x1 = quad(&x[c + 1][channel]);
            float4 x2 = quad(&x[c + 2][channel]), x3 = quad(&x[c + 3][channel]);
#pragma unroll
            for (int r = 0; r < TR; r++) {
                o[r][d] += v[r].x * x0.x; o[r][d] += v[r].y * x1.x; o[r][d] += v[r].z * x2.x; o[r][d] += v[r].w * x3.x;
                o[r][d+1] += v[r].x * x0.y; o[r][d+1] += v[r].y * x1.y; o[r][d+1] += v[r].z * x2.y; o[r][d+1] += v[r].w * x3.y;
                o[r][d+2] += v[r].x * x0.z; o[r][d+2] += v[r].y * x1.z; o[r][d+2] += v[r].z * x2.z; o[r][d+2] += v[r].w * x3.z;
                o[r][d+3] += v[r].x * x0.w; o[r][d+3] += v[r].y * x1.w; o[r][d+3] += v[r].z * x2.w; o[r][d+3] += v[r].w * x3.w;
            }
        }
    }
}

__device__ __forceinline__ float max_of_row(float x) {
#pragma unroll
    for (int lane = LANES_COLUMN / 2; lane > 0; lane /= 2) x = fmaxf(x, __shfl_xor_sync(~0u, x, lane));
    return x;
}
__device__ __forceinline__ float sum_of_row(float x) {
#pragma unroll
    for (int lane = LANES_COLUMN / 2; lane > 0; lane /= 2) x += __shfl_xor_sync(~0u, x, lane);
    return x;
}

template <class T>
__device__ __forceinline__ void store(float* y, size_t stride, const float (&o)[TR][T::TD], const Place<T>& at, int rows, int Dh, bool add) {
#pragma unroll
    for (int r = 0; r < TR; r++) {
        int row = at.row + r * LANES_ROW;
        if (row < rows) {
#pragma unroll
            for (int d = 0; d < T::TD; d += QUAD) {
                int channel = at.channel + d * LANES_COLUMN;
                float* to = y + row * stride + channel;
                float4 v = make_float4(o[r][d], o[r][d + 1], o[r][d + 2], o[r][d + 3]);
                if (add) { float4 b = load_quad(to, Dh - channel, Dh % QUAD == 0); v.x += b.x; v.y += b.y; v.z += b.z; v.w += b.w; }
                store_quad(to, v, Dh - channel, Dh % QUAD == 0);
            }
        }
    }
}

template <class T>
__device__ __forceinline__ void forward(float* y, float* lse, const float* qkv, int N, int heads, int Dh, float scale) {
    alignas(16) __shared__ Tokens<T> q[T::ROWS], k[T::COLUMNS], v[T::COLUMNS];
    alignas(16) __shared__ Weights<T> p[T::ROWS];
    Head head = Head::of<T>(N, heads, Dh);
    Place<T> at;
    size_t stride = 3 * static_cast<size_t>(head.D);
    copy<T, T::ROWS>(q, qkv + head.qkv(0, head.first), stride, N - head.first, Dh);
    copy<T, T::COLUMNS>(k, qkv + head.qkv(1, 0), stride, N, Dh);
    copy_async_commit();
    copy<T, T::COLUMNS>(v, qkv + head.qkv(2, 0), stride, N, Dh);
    copy_async_commit();
    float m[TR], l[TR], o[TR][T::TD] = {};
#pragma unroll
    for (int r = 0; r < TR; r++) { m[r] = -INFINITY; l[r] = 0; }
    for (int j0 = 0; j0 < N; j0 += T::COLUMNS) {
        int next = j0 + T::COLUMNS;
        copy_async_wait<1>();
        __syncthreads();
        float s[TR][T::TC];
        dots<T>(s, q, k, at);
        __syncthreads();
        if (next < N) copy<T, T::COLUMNS>(k, qkv + head.qkv(1, next), stride, N - next, Dh);
        copy_async_commit();
#pragma unroll
        for (int r = 0; r < TR; r++) {
            float largest = m[r];
#pragma unroll
            for (int c = 0; c < T::TC; c++) {
                s[r][c] *= scale;
                if (j0 + at.column + c * LANES_COLUMN < N) largest = fmaxf(largest, s[r][c]);
            }
            largest = max_of_row(largest);
            float base = largest == -INFINITY ? 0 : largest;
            float shrink = expf(m[r] - base);
            m[r] = largest;
            l[r] *= shrink;
#pragma unroll
            for (int c = 0; c < T::TC; c++) {
                int column = at.column + c * LANES_COLUMN;
                float w = j0 + column < N ? expf(s[r][c] - base) : 0;
                l[r] += w;
                p[at.row + r * LANES_ROW][column] = w;
            }
#pragma unroll
            for (int d = 0; d < T::TD; d++) o[r][d] *= shrink;
        }
        copy_async_wait<1>();
        __syncthreads();
        weigh<T>(o, p, v, at);
        __syncthreads();
        if (next < N) copy<T, T::COLUMNS>(v, qkv + head.qkv(2, next), stride, N - next, Dh);
        copy_async_commit();
    }
#pragma unroll
    for (int r = 0; r < TR; r++) {
        l[r] = sum_of_row(l[r]);
        int row = head.first + at.row + r * LANES_ROW;
        if (lse && row < N && threadIdx.x % LANES_COLUMN == 0) lse[head.row(row)] = m[r] + logf(l[r]);
#pragma unroll
        for (int d = 0; d < T::TD; d++) o[r][d] /= l[r];
    }
    store<T>(y + head.y(head.first), head.D, o, at, N - head.first, Dh, false);
}

template <class T>
__device__ __forceinline__ void backward_queries(float* dqkv, float* delta, const float* dy, const float* y, const float* qkv, const float* lse, int N, int heads, int Dh, float scale, bool add) {
    alignas(16) __shared__ Tokens<T> q[T::ROWS], g[T::ROWS], k[T::COLUMNS], v[T::COLUMNS];
    alignas(16) __shared__ Weights<T> ds[T::ROWS];
    __shared__ float del[T::ROWS];
    Head head = Head::of<T>(N, heads, Dh);
    Place<T> at;
    size_t stride = 3 * static_cast<size_t>(head.D);
    int rows = N - head.first;
    copy<T, T::ROWS>(q, qkv + head.qkv(0, head.first), stride, rows, Dh);
    copy<T, T::ROWS>(g, dy + head.y(head.first), head.D, rows, Dh);
    copy<T, T::COLUMNS>(k, qkv + head.qkv(1, 0), stride, N, Dh);
    copy<T, T::COLUMNS>(v, qkv + head.qkv(2, 0), stride, N, Dh);
    copy_async_commit();
    copy_async_wait<0>();
    __syncthreads();
    for (int row = threadIdx.x / LANES_COLUMN; row < T::ROWS; row += T::THREADS / LANES_COLUMN) {
        float sum = 0;
        for (int d = threadIdx.x % LANES_COLUMN * QUAD; d < T::DH; d += WARP) {
            float4 a = row < rows ? load_quad(y + head.y(head.first + row) + d, Dh - d, Dh % QUAD == 0) : make_float4(0, 0, 0, 0);
            float4 b = quad(&g[row][d]);
            sum += a.x * b.x; sum += a.y * b.y; sum += a.z * b.z; sum += a.w * b.w;
        }
        sum = sum_of_row(sum);
        if (threadIdx.x % LANES_COLUMN == 0) {
            del[row] = sum;
            if (row < rows) delta[head.row(head.first + row)] = sum;
        }
    }
    __syncthreads();
    float de[TR], ls[TR], o[TR][T::TD] = {};
#pragma unroll
    for (int r = 0; r < TR; r++) {
        int row = at.row + r * LANES_ROW;
        de[r] = del[row];
        ls[r] = row < rows ? lse[head.row(head.first + row)] : 0;
    }
    for (int j0 = 0; j0 < N; j0 += T::COLUMNS) {
        int next = j0 + T::COLUMNS;
        copy_async_wait<0>();
        __syncthreads();
        float s[TR][T::TC], dp[TR][T::TC];
        dots<T>(s, q, k, at);
        dots<T>(dp, g, v, at);
#pragma unroll
        for (int r = 0; r < TR; r++) {
#pragma unroll
            for (int c = 0; c < T::TC; c++) {
                int column = at.column + c * LANES_COLUMN;
                float w = expf(s[r][c] * scale - ls[r]);
                ds[at.row + r * LANES_ROW][column] = j0 + column < N ? w * (dp[r][c] - de[r]) * scale : 0;
            }
        }
        __syncthreads();
        if (next < N) copy<T, T::COLUMNS>(v, qkv + head.qkv(2, next), stride, N - next, Dh);
        weigh<T>(o, ds, k, at);
        __syncthreads();
        if (next < N) copy<T, T::COLUMNS>(k, qkv + head.qkv(1, next), stride, N - next, Dh);
        copy_async_commit();
    }
    store<T>(dqkv + head.qkv(0, head.first), stride, o, at, rows, Dh, add);
}

template <class T>
__device__ __forceinline__ void backward_keys(float* dqkv, const float* dy, const float* qkv, const float* lse, const float* delta, int N, int heads, int Dh, float scale, bool add) {
    alignas(16) __shared__ Tokens<T> k[T::ROWS], v[T::ROWS], q[T::COLUMNS], g[T::COLUMNS];
    alignas(16) __shared__ Weights<T> p[T::ROWS], ds[T::ROWS];
    Head head = Head::of<T>(N, heads, Dh);
    Place<T> at;
    size_t stride = 3 * static_cast<size_t>(head.D);
    int rows = N - head.first;
    copy<T, T::ROWS>(k, qkv + head.qkv(1, head.first), stride, rows, Dh);
    copy<T, T::ROWS>(v, qkv + head.qkv(2, head.first), stride, rows, Dh);
    float dk[TR][T::TD] = {}, dv[TR][T::TD] = {};
    for (int i0 = 0; i0 < N; i0 += T::COLUMNS) {
        copy<T, T::COLUMNS>(q, qkv + head.qkv(0, i0), stride, N - i0, Dh);
        copy<T, T::COLUMNS>(g, dy + head.y(i0), head.D, N - i0, Dh);
        copy_async_commit();
        float ls[T::TC], de[T::TC];
#pragma unroll
        for (int c = 0; c < T::TC; c++) {
            int i = i0 + at.column + c * LANES_COLUMN;
            ls[c] = i < N ? lse[head.row(i)] : 0;
            de[c] = i < N ? delta[head.row(i)] : 0;
        }
        copy_async_wait<0>();
        __syncthreads();
        float s[TR][T::TC], dp[TR][T::TC];
        dots<T>(s, k, q, at);
        dots<T>(dp, v, g, at);
#pragma unroll
        for (int r = 0; r < TR; r++) {
#pragma unroll
            for (int c = 0; c < T::TC; c++) {
                int column = at.column + c * LANES_COLUMN;
                float w = i0 + column < N ? expf(s[r][c] * scale - ls[c]) : 0;
                p[at.row + r * LANES_ROW][column] = w;
                ds[at.row + r * LANES_ROW][column] = i0 + column < N ? w * (dp[r][c] - de[c]) * scale : 0;
            }
        }
        __syncthreads();
        weigh<T>(dv, p, g, at);
        weigh<T>(dk, ds, q, at);
        __syncthreads();
    }
    store<T>(dqkv + head.qkv(1, head.first), stride, dk, at, rows, Dh, add);
    store<T>(dqkv + head.qkv(2, head.first), stride, dv, at, rows, Dh, add);
}

}  // namespace

extern "C" __global__ void __launch_bounds__(128)
attention_forward_32(float* y, float* lse, const float* qkv, int N, int heads, int Dh, float scale) { forward<Tile<32, 64, 32, 1>>(y, lse, qkv, N, heads, Dh, scale); }
extern "C" __global__ void __launch_bounds__(128)
attention_forward_64(float* y, float* lse, const float* qkv, int N, int heads, int Dh, float scale) { forward<Tile<64, 64, 32, 1>>(y, lse, qkv, N, heads, Dh, scale); }
extern "C" __global__ void __launch_bounds__(64)
attention_forward_128(float* y, float* lse, const float* qkv, int N, int heads, int Dh, float scale) { forward<Tile<128, 32, 16, 1>>(y, lse, qkv, N, heads, Dh, scale); }
extern "C" __global__ void __launch_bounds__(128)
attention_backward_queries_32(float* dqkv, float* delta, const float* dy, const float* y, const float* qkv, const float* lse, int N, int heads, int Dh, float scale, int add) { backward_queries<Tile<32, 64, 32, 1>>(dqkv, delta, dy, y, qkv, lse, N, heads, Dh, scale, add); }
extern "C" __global__ void __launch_bounds__(128)
attention_backward_queries_64(float* dqkv, float* delta, const float* dy, const float* y, const float* qkv, const float* lse, int N, int heads, int Dh, float scale, int add) { backward_queries<Tile<64, 32, 32, 2>>(dqkv, delta, dy, y, qkv, lse, N, heads, Dh, scale, add); }
extern "C" __global__ void __launch_bounds__(64)
attention_backward_queries_128(float* dqkv, float* delta, const float* dy, const float* y, const float* qkv, const float* lse, int N, int heads, int Dh, float scale, int add) { backward_queries<Tile<128, 16, 16, 2>>(dqkv, delta, dy, y, qkv, lse, N, heads, Dh, scale, add); }
extern "C" __global__ void __launch_bounds__(128)
attention_backward_keys_32(float* dqkv, const float* dy, const float* qkv, const float* lse, const float* delta, int N, int heads, int Dh, float scale, int add) { backward_keys<Tile<32, 64, 32, 1>>(dqkv, dy, qkv, lse, delta, N, heads, Dh, scale, add); }
extern "C" __global__ void __launch_bounds__(128)
attention_backward_keys_64(float* dqkv, const float* dy, const float* qkv, const float* lse, const float* delta, int N, int heads, int Dh, float scale, int add) { backward_keys<Tile<64, 32, 32, 2>>(dqkv, dy, qkv, lse, delta, N, heads, Dh, scale, add); }
extern "C" __global__ void __launch_bounds__(64)
attention_backward_keys_128(float* dqkv, const float* dy, const float* qkv, const float* lse, const float* delta, int N, int heads, int Dh, float scale, int add) { backward_keys<Tile<128, 16, 16, 2>>(dqkv, dy, qkv, lse, delta, N, heads, Dh, scale, add); }
