// Multi-head self-attention, softmax(q kᵀ/√Dh) v for each head of each image, whose scores never leave the chip.
//
//     qkv (B, N, 3·H·Dh)  queries of all heads, then keys, then values  →  y (B, N, H·Dh), lse (B, H, N)
//
// N² scores a head would be the largest tensor of the model, so none of them is written to memory: a block owns ROWS tokens
// of one head, which stay in shared memory, and walks along all N tokens of that head, COLUMNS at a time. What it computes
// of the scores at a time is one ROWS × COLUMNS tile (Dao et al., FlashAttention, arXiv 2205.14135):
//
//                              walks along        tile                            result
//     forward                  k, v               s = q kᵀ/√Dh, p = softmax(s)    y  += p v
//     backward_queries         k, v               ds                              dq += ds k
//     backward_keys            q, dy              p, ds (transposed)              dv += pᵀ dy, dk += dsᵀ q
//                     where    δ_i = Σ_d dy_id · y_id,   p_ij = exp(s_ij − lse_i),   ds_ij = p_ij (dy_i · v_j − δ_i)/√Dh
//
// Softmax on the way. A row's largest score is known only at the end of the walk, so weights are taken about the largest so
// far; when a larger one turns up, sum and output so far shrink by exp(old − new). After the walk they are divided. The
// backward pass has the log-sum-exp of each row and needs no such correction.
//
// No atomics. dk and dv of a token sum over queries, dq over keys: two kernels, each of which owns the tokens it writes and
// adds in the order of its walk. Scores are computed twice for it; in return the result has the same bits in every run.
// backward_queries comes first, and leaves δ for the other.
//
// Tiles lie in shared memory as tokens lie in qkv, channels side by side, and are used both ways: as rows to be multiplied
// with rows (dots, four channels at a time) and as rows to be added up (weigh, four tokens at a time). A warp works on 16
// rows; its threads, as 4 × 8, each take every fourth row and every eighth column, so that what they read in one
// instruction lies in different banks.
//
// Traffic: a block reads its own tokens once and all tokens it walks along once. With M = B·N and T = ⌈N/ROWS⌉ at least
//
//     forward             4 · (M·D·(2 + 2T) + M·H)         read q, write y, lse; k, v for each block
//     backward_queries    4 · (M·D·(4 + 2T) + 2·M·H)       read q, dy, y, lse, write dq, δ
//     backward_keys       4 · (M·D·(4 + 2T) + 2·M·H·T)     read k, v, write dk, dv; q, dy, lse, δ for each block
//
// bytes, and they move no more: N and Dh are cut to the element. There is no limit to N. Heads of up to 128 channels are
// served, by three sizes of tiles; those of 64, the usual ones, are the ones thought about.
//
// What tensor cores will change: dots and weigh become mma.sync on bf16 tiles; walk, softmax and the three kernels remain.
#include "tile.cuh"

constexpr unsigned LANES_DOWN = 4;  // a warp's threads, as 4 rows × 8 columns
constexpr unsigned LANES_ACROSS = 8;
constexpr unsigned TR = 4;  // rows of a thread
constexpr unsigned WARP_ROWS = LANES_DOWN * TR;

/// Heads of up to DH channels. ROWS tokens stay, COLUMNS pass; ACROSS warps share the columns of the same rows.
template <unsigned DH_, unsigned ROWS_, unsigned COLUMNS_, unsigned ACROSS_>
struct Tile {
    static constexpr unsigned DH = DH_;
    static constexpr unsigned ROWS = ROWS_;
    static constexpr unsigned COLUMNS = COLUMNS_;
    static constexpr unsigned ACROSS = ACROSS_;
    static constexpr unsigned THREADS = ROWS / WARP_ROWS * ACROSS * WARP;
    static constexpr unsigned TC = COLUMNS / (LANES_ACROSS * ACROSS);  // columns of scores of a thread
    static constexpr unsigned TD = DH / (LANES_ACROSS * ACROSS);       // channels of the result of a thread
};

/// Tokens in shared memory. Four floats more than channels: eight neighbouring tokens start at eight different quads of
/// banks.
template <class T>
using Token = float[T::DH + 4];

/// Weights in shared memory, a row for each resident token. Eight floats more: four neighbouring rows start at four
/// different groups of eight banks.
template <class T>
using WeightRow = float[T::COLUMNS + 8];

/// Where a thread works in the tiles.
template <class T>
struct Place {
    unsigned first_row;
    unsigned first_column;
    unsigned first_channel;

    __device__ Place() {
        unsigned warp = threadIdx.x / WARP;
        unsigned lane = threadIdx.x % WARP;
        first_row = warp / T::ACROSS * WARP_ROWS + lane / LANES_ACROSS;
        first_column = warp % T::ACROSS * (T::COLUMNS / T::ACROSS) + lane % LANES_ACROSS;
        first_channel = warp % T::ACROSS * (T::DH / T::ACROSS) + lane % LANES_ACROSS * QUAD;
    }

    __device__ unsigned row(unsigned r) const { return first_row + r * LANES_DOWN; }
    __device__ unsigned column(unsigned c) const { return first_column + c * LANES_ACROSS; }
    /// Channel of result d, a multiple of four.
    __device__ unsigned channel(unsigned d) const { return first_channel + d * LANES_ACROSS; }
};

enum Part { QUERY, KEY, VALUE };

/// What a launch is about.
struct Sizes {
    unsigned N;
    unsigned heads;
    unsigned Dh;
    float scale;  // 1/√Dh

    __device__ unsigned D() const { return heads * Dh; }
};

/// The head of an image that this block works on, and the first of its tokens. Blocks of one head are neighbours: what they
/// all walk along is in the second-level cache.
template <class T>
struct Head {
    unsigned first;
    unsigned rows;  // from `first` to the end, perhaps more than the block has
    unsigned token_of_image;
    unsigned channel;
    unsigned row_of_statistics;

    __device__ explicit Head(const Sizes& sizes) {
        unsigned blocks = ceil_div(sizes.N, T::ROWS);
        unsigned head_of_batch = blockIdx.x / blocks;
        first = blockIdx.x % blocks * T::ROWS;
        rows = sizes.N - first;
        token_of_image = head_of_batch / sizes.heads * sizes.N;
        channel = head_of_batch % sizes.heads * sizes.Dh;
        row_of_statistics = head_of_batch * sizes.N;
    }

    /// Where a part of a token starts in qkv.
    __device__ unsigned in_qkv(const Sizes& sizes, Part part, unsigned token) const {
        return ((token_of_image + token) * 3 + part) * sizes.D() + channel;
    }
    /// Where a token starts in y or dy.
    __device__ unsigned in_y(const Sizes& sizes, unsigned token) const {
        return (token_of_image + token) * sizes.D() + channel;
    }
};

// ---- Products of tiles ------------------------------------------------------------------------------------------------

/// Starts the copy of COUNT tokens; zeros where there are fewer, and for channels from Dh on.
template <class T, unsigned COUNT>
__device__ __forceinline__ void copy_tokens(
    Token<T>* tile, const float* x, unsigned stride, unsigned tokens, unsigned Dh) {
    constexpr unsigned LENGTH = T::DH + 4;
    if (Dh % QUAD == 0) {
        copy_rows<COUNT, T::DH, LENGTH, T::THREADS, true>(tile, x, stride, tokens, Dh);
    } else {
        copy_rows<COUNT, T::DH, LENGTH, T::THREADS, false>(tile, x, stride, tokens, Dh);
    }
}

/// s = rows · columnsᵀ: each resident token with each passing one.
template <class T>
__device__ __forceinline__ void dots(
    float (&s)[TR][T::TC], const Token<T>* rows, const Token<T>* columns, const Place<T>& at) {
#pragma unroll
    for (unsigned r = 0; r < TR; r++) {
#pragma unroll
        for (unsigned c = 0; c < T::TC; c++) s[r][c] = 0;
    }
#pragma unroll 2
    for (unsigned d = 0; d < T::DH; d += QUAD) {
        float a[TR][QUAD];
#pragma unroll
        for (unsigned r = 0; r < TR; r++) read_quad(a[r], &rows[at.row(r)][d]);
#pragma unroll
        for (unsigned c = 0; c < T::TC; c++) {
            float b[QUAD];
            read_quad(b, &columns[at.column(c)][d]);
#pragma unroll
            for (unsigned r = 0; r < TR; r++) {
#pragma unroll
                for (unsigned k = 0; k < QUAD; k++) s[r][c] += a[r][k] * b[k];
            }
        }
    }
}

/// o += weights · columns: for each resident token the weighted sum of the passing ones.
template <class T>
__device__ __forceinline__ void weigh(
    float (&o)[TR][T::TD], const WeightRow<T>* weights, const Token<T>* columns, const Place<T>& at) {
#pragma unroll 2
    for (unsigned j = 0; j < T::COLUMNS; j += QUAD) {
        float w[TR][QUAD];
#pragma unroll
        for (unsigned r = 0; r < TR; r++) read_quad(w[r], &weights[at.row(r)][j]);
#pragma unroll
        for (unsigned k = 0; k < QUAD; k++) {
#pragma unroll
            for (unsigned d = 0; d < T::TD; d += QUAD) {
                float x[QUAD];
                read_quad(x, &columns[j + k][at.channel(d)]);
#pragma unroll
                for (unsigned r = 0; r < TR; r++) {
#pragma unroll
                    for (unsigned e = 0; e < QUAD; e++) o[r][d + e] += w[r][k] * x[e];
                }
            }
        }
    }
}

/// Writes or adds the thread's part of a result, as far as tokens and channels exist.
template <class T>
__device__ __forceinline__ void put_tokens(
    float* y, unsigned stride, const float (&o)[TR][T::TD], const Place<T>& at, unsigned rows, unsigned Dh, bool add) {
#pragma unroll
    for (unsigned r = 0; r < TR; r++) {
        if (at.row(r) < rows) {
#pragma unroll
            for (unsigned d = 0; d < T::TD; d += QUAD) {
                Quad v{{o[r][d], o[r][d + 1], o[r][d + 2], o[r][d + 3]}};
                unsigned channel = at.channel(d);
                put_quad(y + (at.row(r) * stride + channel), v, left_of_quad(Dh, channel), Dh % QUAD == 0, add);
            }
        }
    }
}

/// Combines the eight threads that share rows; all of them get the result.
template <class F>
__device__ __forceinline__ float across(float x, F f) {
#pragma unroll
    for (unsigned distance = LANES_ACROSS / 2; distance > 0; distance /= 2) {
        x = f(x, __shfl_xor_sync(EVERY_LANE, x, distance));
    }
    return x;
}

__device__ __forceinline__ float sum_across(float x) {
    return across(x, [](float a, float b) { return a + b; });
}

// ---- Forward ----------------------------------------------------------------------------------------------------------

/// The softmax of a thread's rows, as far as the walk has come.
template <class T>
struct Softmax {
    float largest[TR];
    float sum[TR];  // of this thread's columns

    __device__ Softmax() {
#pragma unroll
        for (unsigned r = 0; r < TR; r++) {
            largest[r] = -INFINITY;
            sum[r] = 0;
        }
    }

    /// Scores of a row, of which those of the first `columns` columns count, become weights about the largest score so far.
    /// Returns what earlier weights have to be multiplied with. A NaN spreads to the whole row, as it must: `larger` keeps
    /// it, and so does exp.
    __device__ __forceinline__ float add(unsigned r, float (&s)[T::TC], const Place<T>& at, unsigned columns) {
        float now = largest[r];
#pragma unroll
        for (unsigned c = 0; c < T::TC; c++) {
            if (at.column(c) < columns) now = larger(now, s[c]);
        }
        now = across(now, larger);
        float about = now == -INFINITY ? 0 : now;  // −Inf − (−Inf) would be NaN, where a later score may be finite
        float shrink = expf(largest[r] - about);
        largest[r] = now;
        sum[r] *= shrink;
#pragma unroll
        for (unsigned c = 0; c < T::TC; c++) {
            s[c] = at.column(c) < columns ? expf(s[c] - about) : 0;
            sum[r] += s[c];
        }
        return shrink;
    }
};

/// Scores to weights, and the output so far about the same score as they.
template <class T>
__device__ __forceinline__ void to_weights(
    WeightRow<T>* weights, float (&o)[TR][T::TD], float (&s)[TR][T::TC], Softmax<T>& softmax, float scale,
    const Place<T>& at, unsigned columns) {
#pragma unroll
    for (unsigned r = 0; r < TR; r++) {
#pragma unroll
        for (unsigned c = 0; c < T::TC; c++) s[r][c] *= scale;
        float shrink = softmax.add(r, s[r], at, columns);
#pragma unroll
        for (unsigned c = 0; c < T::TC; c++) weights[at.row(r)][at.column(c)] = s[r][c];
#pragma unroll
        for (unsigned d = 0; d < T::TD; d++) o[r][d] *= shrink;
    }
}

/// While scores are computed the values are on their way, and while values are summed the next keys.
template <class T>
__device__ __forceinline__ void forward(float* y, float* lse, const float* qkv, const Sizes& sizes) {
    static_assert(T::ACROSS == 1, "the maximum of a row is taken within a warp");
    alignas(16) __shared__ Token<T> q[T::ROWS];
    alignas(16) __shared__ Token<T> k[T::COLUMNS];
    alignas(16) __shared__ Token<T> v[T::COLUMNS];
    alignas(16) __shared__ WeightRow<T> weights[T::ROWS];
    unsigned N = sizes.N;
    unsigned stride = 3 * sizes.D();
    Head<T> head(sizes);
    Place<T> at;
    const float* keys = qkv + head.in_qkv(sizes, KEY, 0);
    const float* values = qkv + head.in_qkv(sizes, VALUE, 0);

    copy_tokens<T, T::ROWS>(q, qkv + head.in_qkv(sizes, QUERY, head.first), stride, head.rows, sizes.Dh);
    copy_tokens<T, T::COLUMNS>(k, keys, stride, N, sizes.Dh);
    copy_async_commit();
    copy_tokens<T, T::COLUMNS>(v, values, stride, N, sizes.Dh);
    copy_async_commit();
    Softmax<T> softmax;
    float o[TR][T::TD] = {};
    for (unsigned j = 0; j < N; j += T::COLUMNS) {
        unsigned next = j + T::COLUMNS;
        copy_async_wait<1>();
        __syncthreads();  // queries and keys are there
        float s[TR][T::TC];
        dots<T>(s, q, k, at);
        __syncthreads();  // these keys are done with
        if (next < N) copy_tokens<T, T::COLUMNS>(k, keys + next * stride, stride, N - next, sizes.Dh);
        copy_async_commit();
        to_weights<T>(weights, o, s, softmax, sizes.scale, at, N - j);
        copy_async_wait<1>();
        __syncthreads();  // weights and values are there
        weigh<T>(o, weights, v, at);
        __syncthreads();  // these values are done with
        if (next < N) copy_tokens<T, T::COLUMNS>(v, values + next * stride, stride, N - next, sizes.Dh);
        copy_async_commit();
    }
#pragma unroll
    for (unsigned r = 0; r < TR; r++) {
        float sum = sum_across(softmax.sum[r]);
#pragma unroll
        for (unsigned d = 0; d < T::TD; d++) o[r][d] /= sum;
        if (lse != nullptr && at.row(r) < head.rows && at.first_column == 0) {
            lse[head.row_of_statistics + head.first + at.row(r)] = softmax.largest[r] + logf(sum);
        }
    }
    put_tokens<T>(y + head.in_y(sizes, head.first), sizes.D(), o, at, head.rows, sizes.Dh, false);
}

// ---- Backward ---------------------------------------------------------------------------------------------------------

/// δ of the block's tokens, to memory and to shared memory: eight threads a token.
template <class T>
__device__ __forceinline__ void row_deltas(
    float* delta, float* shared_delta, const Token<T>* dy, const float* y, const Sizes& sizes, unsigned rows) {
    unsigned lane = threadIdx.x % LANES_ACROSS;
    for (unsigned row = threadIdx.x / LANES_ACROSS; row < T::ROWS; row += T::THREADS / LANES_ACROSS) {
        float products = 0;
        for (unsigned d = QUAD * lane; d < T::DH; d += QUAD * LANES_ACROSS) {
            unsigned left = row < rows ? left_of_quad(sizes.Dh, d) : 0;
            Quad a = load<QUAD>(&dy[row][d]);
            Quad b = load_quad(y + (row * sizes.D() + d), left, sizes.Dh % QUAD == 0);
#pragma unroll
            for (unsigned k = 0; k < QUAD; k++) products += a.v[k] * b.v[k];
        }
        products = sum_across(products);
        if (lane == 0) {
            shared_delta[row] = products;
            if (row < rows) delta[row] = products;
        }
    }
}

/// dq of the block's queries. While dq is added up, the next values are on their way.
template <class T>
__device__ __forceinline__ void backward_queries(
    float* dqkv, float* delta, const float* dy, const float* y, const float* qkv, const float* lse, const Sizes& sizes,
    bool add) {
    alignas(16) __shared__ Token<T> q[T::ROWS];
    alignas(16) __shared__ Token<T> g[T::ROWS];  // dy
    alignas(16) __shared__ Token<T> k[T::COLUMNS];
    alignas(16) __shared__ Token<T> v[T::COLUMNS];
    alignas(16) __shared__ WeightRow<T> ds[T::ROWS];
    __shared__ float shared_delta[T::ROWS];
    unsigned N = sizes.N;
    unsigned stride = 3 * sizes.D();
    Head<T> head(sizes);
    Place<T> at;
    const float* keys = qkv + head.in_qkv(sizes, KEY, 0);
    const float* values = qkv + head.in_qkv(sizes, VALUE, 0);
    unsigned statistics = head.row_of_statistics + head.first;

    copy_tokens<T, T::ROWS>(q, qkv + head.in_qkv(sizes, QUERY, head.first), stride, head.rows, sizes.Dh);
    copy_tokens<T, T::ROWS>(g, dy + head.in_y(sizes, head.first), sizes.D(), head.rows, sizes.Dh);
    copy_tokens<T, T::COLUMNS>(k, keys, stride, N, sizes.Dh);
    copy_tokens<T, T::COLUMNS>(v, values, stride, N, sizes.Dh);
    copy_async_commit();
    copy_async_wait<0>();
    __syncthreads();
    row_deltas<T>(delta + statistics, shared_delta, g, y + head.in_y(sizes, head.first), sizes, head.rows);
    __syncthreads();

    float row_lse[TR];
    float row_delta[TR];
#pragma unroll
    for (unsigned r = 0; r < TR; r++) {
        row_delta[r] = shared_delta[at.row(r)];
        row_lse[r] = at.row(r) < head.rows ? lse[statistics + at.row(r)] : 0;
    }
    float dq[TR][T::TD] = {};
    for (unsigned j = 0; j < N; j += T::COLUMNS) {
        unsigned next = j + T::COLUMNS;
        copy_async_wait<0>();
        __syncthreads();  // keys and values are there
        float s[TR][T::TC];
        float dp[TR][T::TC];
        dots<T>(s, q, k, at);
        dots<T>(dp, g, v, at);
#pragma unroll
        for (unsigned r = 0; r < TR; r++) {
#pragma unroll
            for (unsigned c = 0; c < T::TC; c++) {
                float p = expf(s[r][c] * sizes.scale - row_lse[r]);
                float gradient = p * (dp[r][c] - row_delta[r]) * sizes.scale;
                ds[at.row(r)][at.column(c)] = at.column(c) < N - j ? gradient : 0;
            }
        }
        __syncthreads();  // ds is there, these values are done with
        if (next < N) copy_tokens<T, T::COLUMNS>(v, values + next * stride, stride, N - next, sizes.Dh);
        weigh<T>(dq, ds, k, at);
        __syncthreads();  // these keys are done with
        if (next < N) copy_tokens<T, T::COLUMNS>(k, keys + next * stride, stride, N - next, sizes.Dh);
        copy_async_commit();
    }
    put_tokens<T>(dqkv + head.in_qkv(sizes, QUERY, head.first), stride, dq, at, head.rows, sizes.Dh, add);
}

/// dk and dv of the block's keys. Rows are keys here and columns queries: tiles are the transposed ones of the others.
template <class T>
__device__ __forceinline__ void backward_keys(
    float* dqkv, const float* dy, const float* qkv, const float* lse, const float* delta, const Sizes& sizes, bool add) {
    alignas(16) __shared__ Token<T> k[T::ROWS];
    alignas(16) __shared__ Token<T> v[T::ROWS];
    alignas(16) __shared__ Token<T> q[T::COLUMNS];
    alignas(16) __shared__ Token<T> g[T::COLUMNS];  // dy
    alignas(16) __shared__ WeightRow<T> p[T::ROWS];
    alignas(16) __shared__ WeightRow<T> ds[T::ROWS];
    unsigned N = sizes.N;
    unsigned stride = 3 * sizes.D();
    Head<T> head(sizes);
    Place<T> at;

    copy_tokens<T, T::ROWS>(k, qkv + head.in_qkv(sizes, KEY, head.first), stride, head.rows, sizes.Dh);
    copy_tokens<T, T::ROWS>(v, qkv + head.in_qkv(sizes, VALUE, head.first), stride, head.rows, sizes.Dh);
    float dk[TR][T::TD] = {};
    float dv[TR][T::TD] = {};
    for (unsigned i = 0; i < N; i += T::COLUMNS) {
        copy_tokens<T, T::COLUMNS>(q, qkv + head.in_qkv(sizes, QUERY, i), stride, N - i, sizes.Dh);
        copy_tokens<T, T::COLUMNS>(g, dy + head.in_y(sizes, i), sizes.D(), N - i, sizes.Dh);
        copy_async_commit();
        float column_lse[T::TC];
        float column_delta[T::TC];
#pragma unroll
        for (unsigned c = 0; c < T::TC; c++) {
            unsigned query = i + at.column(c);
            column_lse[c] = query < N ? lse[head.row_of_statistics + query] : 0;
            column_delta[c] = query < N ? delta[head.row_of_statistics + query] : 0;
        }
        copy_async_wait<0>();
        __syncthreads();  // queries and dy are there
        float s[TR][T::TC];
        float dp[TR][T::TC];
        dots<T>(s, k, q, at);
        dots<T>(dp, v, g, at);
#pragma unroll
        for (unsigned r = 0; r < TR; r++) {
#pragma unroll
            for (unsigned c = 0; c < T::TC; c++) {
                float weight = expf(s[r][c] * sizes.scale - column_lse[c]);
                float gradient = weight * (dp[r][c] - column_delta[c]) * sizes.scale;
                bool exists = at.column(c) < N - i;
                p[at.row(r)][at.column(c)] = exists ? weight : 0;
                ds[at.row(r)][at.column(c)] = exists ? gradient : 0;
            }
        }
        __syncthreads();  // p and ds are there
        weigh<T>(dv, p, g, at);
        weigh<T>(dk, ds, q, at);
        __syncthreads();  // these queries are done with
    }
    put_tokens<T>(dqkv + head.in_qkv(sizes, KEY, head.first), stride, dk, at, head.rows, sizes.Dh, add);
    put_tokens<T>(dqkv + head.in_qkv(sizes, VALUE, head.first), stride, dv, at, head.rows, sizes.Dh, add);
}

// ---- Kernels ----------------------------------------------------------------------------------------------------------
// The number is the most channels that a head may have. Grid: B · heads · ⌈N/ROWS⌉ blocks.

// y (B, N, D) and lse (B, heads, N) from qkv (B, N, 3D); lse may be null.
// budget: 128 registers, 28672 bytes shared, 25 % occupancy at 128 threads
// reason: tokens and weights in shared memory; a thread has 16 or more independent sums under way
extern "C" __global__ void __launch_bounds__(128, 4) attention_forward_32(
    float* y, float* lse, const float* qkv, unsigned N, unsigned heads, unsigned Dh, float scale) {
    forward<Tile<32, 64, 32, 1>>(y, lse, qkv, {N, heads, Dh, scale});
}

// budget: 168 registers, 45056 bytes shared, 16 % occupancy at 128 threads
// reason: tokens and weights in shared memory; a thread has 16 or more independent sums under way
extern "C" __global__ void __launch_bounds__(128, 3) attention_forward_64(
    float* y, float* lse, const float* qkv, unsigned N, unsigned heads, unsigned Dh, float scale) {
    forward<Tile<64, 64, 32, 1>>(y, lse, qkv, {N, heads, Dh, scale});
}

// budget: 200 registers, 36864 bytes shared, 8 % occupancy at 64 threads
// reason: wide heads: the tokens of two tiles fill shared memory; served, not tuned
extern "C" __global__ void __launch_bounds__(64) attention_forward_128(
    float* y, float* lse, const float* qkv, unsigned N, unsigned heads, unsigned Dh, float scale) {
    forward<Tile<128, 32, 16, 1>>(y, lse, qkv, {N, heads, Dh, scale});
}

// The queries' part of dqkv (B, N, 3D), and delta (B, heads, N), from dy (B, N, D) and what the forward pass has left.
// budget: 128 registers, 38144 bytes shared, 16 % occupancy at 128 threads
// reason: tokens and weights in shared memory; a thread has 16 or more independent sums under way
extern "C" __global__ void __launch_bounds__(128, 4) attention_backward_queries_32(
    float* dqkv, float* delta, const float* dy, const float* y, const float* qkv, const float* lse, unsigned N,
    unsigned heads, unsigned Dh, float scale, int add) {
    backward_queries<Tile<32, 64, 32, 1>>(dqkv, delta, dy, y, qkv, lse, {N, heads, Dh, scale}, add != 0);
}

// budget: 128 registers, 40064 bytes shared, 16 % occupancy at 128 threads
// reason: tokens and weights in shared memory; a thread has 16 or more independent sums under way
extern "C" __global__ void __launch_bounds__(128, 4) attention_backward_queries_64(
    float* dqkv, float* delta, const float* dy, const float* y, const float* qkv, const float* lse, unsigned N,
    unsigned heads, unsigned Dh, float scale, int add) {
    backward_queries<Tile<64, 32, 32, 2>>(dqkv, delta, dy, y, qkv, lse, {N, heads, Dh, scale}, add != 0);
}

// budget: 122 registers, 35392 bytes shared, 8 % occupancy at 64 threads
// reason: wide heads: the tokens of two tiles fill shared memory; served, not tuned
extern "C" __global__ void __launch_bounds__(64) attention_backward_queries_128(
    float* dqkv, float* delta, const float* dy, const float* y, const float* qkv, const float* lse, unsigned N,
    unsigned heads, unsigned Dh, float scale, int add) {
    backward_queries<Tile<128, 16, 16, 2>>(dqkv, delta, dy, y, qkv, lse, {N, heads, Dh, scale}, add != 0);
}

// The keys' and the values' parts of dqkv (B, N, 3D) from dy (B, N, D), lse and delta (B, heads, N).
// budget: 168 registers, 48128 bytes shared, 16 % occupancy at 128 threads
// reason: tokens and weights in shared memory; a thread has 16 or more independent sums under way
extern "C" __global__ void __launch_bounds__(128, 3) attention_backward_keys_32(
    float* dqkv, const float* dy, const float* qkv, const float* lse, const float* delta, unsigned N, unsigned heads,
    unsigned Dh, float scale, int add) {
    backward_keys<Tile<32, 64, 32, 1>>(dqkv, dy, qkv, lse, delta, {N, heads, Dh, scale}, add != 0);
}

// budget: 128 registers, 45056 bytes shared, 16 % occupancy at 128 threads
// reason: tokens and weights in shared memory; a thread has 16 or more independent sums under way
extern "C" __global__ void __launch_bounds__(128, 4) attention_backward_keys_64(
    float* dqkv, const float* dy, const float* qkv, const float* lse, const float* delta, unsigned N, unsigned heads,
    unsigned Dh, float scale, int add) {
    backward_keys<Tile<64, 32, 32, 2>>(dqkv, dy, qkv, lse, delta, {N, heads, Dh, scale}, add != 0);
}

// budget: 150 registers, 36864 bytes shared, 8 % occupancy at 64 threads
// reason: wide heads: the tokens of two tiles fill shared memory; served, not tuned
extern "C" __global__ void __launch_bounds__(64) attention_backward_keys_128(
    float* dqkv, const float* dy, const float* qkv, const float* lse, const float* delta, unsigned N, unsigned heads,
    unsigned Dh, float scale, int add) {
    backward_keys<Tile<128, 16, 16, 2>>(dqkv, dy, qkv, lse, delta, {N, heads, Dh, scale}, add != 0);
}
