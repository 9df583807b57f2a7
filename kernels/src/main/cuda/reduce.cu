// Sums. What is summed is cut into pieces, a block sums a piece, and the same kernel then sums the partial sums. The
// pieces follow from the sizes, never from the device, and inside a block the order is fixed too: the same bits on
// every GPU and in every run, which float atomics would not give.
#include "common.cuh"

// y[block] = factor · sum of x[block · piece … + piece), a multiple of 4 floats.
// budget: 40 registers, 128 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void reduce_sum(float* y, const float* x, unsigned n, unsigned piece, float factor) {
    __shared__ float slots[WARP];
    unsigned first = blockIdx.x * piece;
    unsigned end = n - first < piece ? n : first + piece;
    float sum = 0;
    for (unsigned i = first + 4 * threadIdx.x; i < end; i += 4 * blockDim.x) {
        if (i + 4 <= end) {
            sum += total<4>(load<4>(x + i));
        } else {
            for (unsigned tail = i; tail < end; tail++) sum += x[tail];
        }
    }
    sum = row_sum(sum, slots);
    if (threadIdx.x == 0) y[blockIdx.x] = factor * sum;
}

// y[i] = factor · x[0]: the adjoint of the sum.
// budget: 16 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void reduce_spread(float* y, const float* x, unsigned n, float factor, int add) {
    unsigned i = 4 * (blockIdx.x * blockDim.x + threadIdx.x);
    float value = factor * x[0];
    if (i + 4 <= n) {
        put<4>(y + i, repeated<4>(value), add);
    } else {
#pragma unroll 1
        for (; i < n; i++) put<1>(y + i, repeated<1>(value), add);
    }
}

// ---- Sums of columns ----------------------------------------------------------------------------------------------

constexpr unsigned THREADS = 256;

/// A thread sums its columns over every blockDim.y-th row of a piece, then the threads of one column are added
/// pairwise.
template <int V>
__device__ void sum_columns(
    float* y, const float* a, const float* b, unsigned groups, unsigned rows, unsigned columns, unsigned start,
    unsigned row_stride, unsigned group_stride, unsigned piece, float factor, int add, float (*parts)[THREADS]) {
    unsigned column = V * (blockIdx.x * blockDim.x + threadIdx.x);
    unsigned thread = threadIdx.y * blockDim.x + threadIdx.x;
    unsigned first = blockIdx.y * piece;
    unsigned end = rows - first < piece ? rows : first + piece;
    for (unsigned group = blockIdx.z; group < groups; group += gridDim.z) {
        Pack<V> s = repeated<V>(0);
        for (unsigned row = first + threadIdx.y; row < end && column < columns; row += blockDim.y) {
            unsigned i = start + group * group_stride + row * row_stride + column;
            Pack<V> x = load<V>(a + i);
            if (b != nullptr) x = apply<V>([](float p, float q) { return p * q; }, x, load<V>(b + i));
            s = sum<V>(s, x);
        }
#pragma unroll
        for (int k = 0; k < V; k++) parts[k][thread] = s.v[k];
        for (unsigned half = blockDim.y / 2; half > 0; half /= 2) {
            __syncthreads();
            if (threadIdx.y < half) {
#pragma unroll
                for (int k = 0; k < V; k++) parts[k][thread] += parts[k][thread + half * blockDim.x];
            }
        }
        if (threadIdx.y == 0 && column < columns) {
#pragma unroll
            for (int k = 0; k < V; k++) s.v[k] = factor * parts[k][thread];
            put<V>(y + (group * gridDim.y + blockIdx.y) * columns + column, s, add);
        }
        __syncthreads();  // before the next group writes to the parts
    }
}

// y (groups, pieces, columns) = factor · sum over the rows of each piece of a, or of a · b where b is not null. The
// first row is `start` floats into the tensor, rows and groups lie row_stride and group_stride floats apart: part of
// a larger tensor can be summed. blockDim.y is a power of two.
// budget: 32 registers, 4096 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void reduce_columns(
    float* y, const float* a, const float* b, unsigned groups, unsigned rows, unsigned columns, unsigned start,
    unsigned row_stride, unsigned group_stride, unsigned piece, float factor, int add) {
    __shared__ float parts[4][THREADS];
    choose_width((columns | start | row_stride | group_stride) % 4 == 0, [=](auto width) {
        sum_columns<width.V>(
            y, a, b, groups, rows, columns, start, row_stride, group_stride, piece, factor, add, parts);
    });
}

// ---- Means of tokens ----------------------------------------------------------------------------------------------

/// A thread keeps its columns of dy and goes down the tokens of the image.
template <int V>
__device__ void mean_tokens_backward(
    float* dx, const float* dy, unsigned B, unsigned N, unsigned D, unsigned from, unsigned to, int add) {
    unsigned d = V * (blockIdx.x * blockDim.x + threadIdx.x);
    if (d >= D) return;
    float share = 1.0f / (to - from);
    for (unsigned image = blockIdx.z; image < B; image += gridDim.z) {
        Pack<V> gradient = apply<V>([=](float g) { return share * g; }, load<V>(dy + image * D + d));
        for (unsigned n = blockIdx.y * blockDim.y + threadIdx.y; n < N; n += gridDim.y * blockDim.y) {
            bool is_inside = from <= n && n < to;
            if (is_inside || !add) put<V>(dx + (image * N + n) * D + d, is_inside ? gradient : repeated<V>(0), add);
        }
    }
}

// dx (B, N, D): dy (B, D) / (to - from) for tokens from … to - 1, 0 for the others.
// budget: 32 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void reduce_mean_tokens_backward(
    float* dx, const float* dy, unsigned B, unsigned N, unsigned D, unsigned from, unsigned to, int add) {
    choose_width(D % 4 == 0, [=](auto width) { mean_tokens_backward<width.V>(dx, dy, B, N, D, from, to, add); });
}

// ---- Cosines of rows ----------------------------------------------------------------------------------------------

constexpr float LEAST_NORM = 1e-8f;

template <int V>
__device__ __forceinline__ float norm(const Row<V>& x, unsigned columns, float* slots) {
    float squares = 0;
    along_row<V>(columns, [&](int j, unsigned d) {
        squares += total<V>(apply<V>([](float a) { return a * a; }, x.at(j, d)));
    });
    return larger(sqrtf(row_sum(squares, slots)), LEAST_NORM);
}

/// Sum of a/|a| · b/|b|: the terms are at most 1, whatever the norms.
template <int V>
__device__ __forceinline__ float cosine_of(
    const Row<V>& a, const Row<V>& b, float a_norm, float b_norm, unsigned columns, float* slots) {
    float products = 0;
    along_row<V>(columns, [&](int j, unsigned d) {
        auto product = [=](float s, float t) { return s / a_norm * (t / b_norm); };
        products += total<V>(apply<V>(product, a.at(j, d), b.at(j, d)));
    });
    return row_sum(products, slots);
}

template <int V>
__device__ void cosine(float* y, const float* a, const float* b, unsigned rows, unsigned D, float* slots) {
    for (unsigned first = blockIdx.x * blockDim.y; first < rows; first += gridDim.x * blockDim.y) {
        unsigned row = first + threadIdx.y;
        unsigned columns = row < rows ? D : 0;
        Row<V> a_row(a + row * D, columns);
        Row<V> b_row(b + row * D, columns);
        float a_norm = norm<V>(a_row, columns, slots);
        float b_norm = norm<V>(b_row, columns, slots);
        float result = cosine_of<V>(a_row, b_row, a_norm, b_norm, columns, slots);
        if (threadIdx.x == 0 && row < rows) y[row] = result;
    }
}

// y (rows) = cosine of the rows of a and b (rows, D); norms count as at least 1e-8. Blocks as in layer_norm.cu.
// budget: 40 registers, 128 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void __launch_bounds__(MOST_ROW_THREADS) reduce_cosine(
    float* y, const float* a, const float* b, unsigned rows, unsigned D) {
    __shared__ float slots[WARP];
    choose_width(D % 4 == 0, [=](auto width) { cosine<width.V>(y, a, b, rows, D, slots); });
}

template <int V>
__device__ void cosine_backward(
    float* da, float* db, const float* dy, const float* a, const float* b, unsigned rows, unsigned D, int add_a,
    int add_b, float* slots) {
    for (unsigned first = blockIdx.x * blockDim.y; first < rows; first += gridDim.x * blockDim.y) {
        unsigned row = first + threadIdx.y;
        unsigned columns = row < rows ? D : 0;
        Row<V> a_row(a + row * D, columns);
        Row<V> b_row(b + row * D, columns);
        float a_norm = norm<V>(a_row, columns, slots);
        float b_norm = norm<V>(b_row, columns, slots);
        float cosine = cosine_of<V>(a_row, b_row, a_norm, b_norm, columns, slots);
        float g = row < rows ? dy[row] : 0;
        along_row<V>(columns, [&](int j, unsigned d) {
            Pack<V> a_hat = apply<V>([=](float s) { return s / a_norm; }, a_row.at(j, d));
            Pack<V> b_hat = apply<V>([=](float s) { return s / b_norm; }, b_row.at(j, d));
            auto to_a = [=](float s, float t) { return g * (t - cosine * s) / a_norm; };
            auto to_b = [=](float s, float t) { return g * (s - cosine * t) / b_norm; };
            // In this order: a and b may be one tensor, and da and db then one buffer.
            if (da != nullptr) put<V>(da + row * D + d, apply<V>(to_a, a_hat, b_hat), add_a);
            if (db != nullptr) put<V>(db + row * D + d, apply<V>(to_b, a_hat, b_hat), add_b);
        });
    }
}

// da = dy · (b/|b| - y · a/|a|)/|a| and db likewise, (rows, D) or null, from dy (rows).
// budget: 48 registers, 128 bytes shared, 62 % occupancy at 256 threads
extern "C" __global__ void __launch_bounds__(MOST_ROW_THREADS) reduce_cosine_backward(
    float* da, float* db, const float* dy, const float* a, const float* b, unsigned rows, unsigned D, int add_a,
    int add_b) {
    __shared__ float slots[WARP];
    choose_width(D % 4 == 0, [=](auto width) {
        cosine_backward<width.V>(da, db, dy, a, b, rows, D, add_a, add_b, slots);
    });
}
