// Layer normalization of each row: y = xhat · weight + bias, xhat = (x - mean) · rstd, rstd = 1/sqrt(variance + eps).
//
// A row is read once and held in registers (Row in common.cuh), because three passes go over it: mean, variance,
// result. One pass over x and x² would lose half of the digits where the mean is large. A group of threads takes
// several rows in turn and holds weight and bias for all of them. Blocks are (threads of a row, rows at a time).
//
// Backward keeps mean and rstd, two numbers a row, and computes xhat again. With g = dy · weight:
//   dx      = rstd · (g - mean(g) - xhat · mean(g · xhat))
//   dweight = sum over rows of dy · xhat,   dbias = sum over rows of dy
// Each group adds up its own rows of dweight and dbias; reduce_columns adds up the groups, in order.
#include "common.cuh"

template <int V>
__device__ void forward(
    float* y, float* mean, float* rstd, const float* x, const float* weight, const float* bias, float eps,
    unsigned rows, unsigned D, float* slots) {
    Row<V> w(weight, D);
    Row<V> b(bias, D);
    unsigned step = gridDim.x * blockDim.y;
    // All groups of the block go round equally often, as the sums need every thread: one without a row has no
    // columns.
    for (unsigned first = blockIdx.x * blockDim.y; first < rows; first += step) {
        unsigned row = first + threadIdx.y;
        unsigned columns = row < rows ? D : 0;
        Row<V> part(x + row * D, columns);

        float sum = 0;
        along_row<V>(columns, [&](int j, unsigned d) { sum += total<V>(part.at(j, d)); });
        float m = row_sum(sum, slots) / D;

        float squares = 0;
        along_row<V>(columns, [&](int j, unsigned d) {
            squares += total<V>(apply<V>([=](float a) { return (a - m) * (a - m); }, part.at(j, d)));
        });
        float r = 1.0f / sqrtf(row_sum(squares, slots) / D + eps);

        along_row<V>(columns, [&](int j, unsigned d) {
            auto result = [=](float a, float scale, float shift) { return (a - m) * r * scale + shift; };
            store<V>(y + row * D + d, apply<V>(result, part.at(j, d), w.at(j, d), b.at(j, d)));
        });
        if (threadIdx.x == 0 && row < rows) {
            mean[row] = m;
            rstd[row] = r;
        }
    }
}

// y (rows, D), mean and rstd (rows) from x (rows, D), weight and bias (D).
// budget: 48 registers, 128 bytes shared, 62 % occupancy at 256 threads
extern "C" __global__ void __launch_bounds__(MOST_ROW_THREADS) layer_norm_forward(
    float* y, float* mean, float* rstd, const float* x, const float* weight, const float* bias, float eps,
    unsigned rows, unsigned D) {
    __shared__ float slots[WARP];
    choose_width(D % 4 == 0, [=](auto width) {
        forward<width.V>(y, mean, rstd, x, weight, bias, eps, rows, D, slots);
    });
}

/// Sums over the rows that one group has seen, in registers for the columns that Row holds and in memory for the
/// rest.
template <int V>
struct ColumnSums {
    float* rest;
    Pack<V> held[HELD / V];

    __device__ __forceinline__ ColumnSums(float* rest) : rest(rest) {
#pragma unroll
        for (int j = 0; j < HELD / V; j++) held[j] = repeated<V>(0);
    }

    __device__ __forceinline__ void accumulate(int j, unsigned column, Pack<V> x, bool first) {
        if (j < HELD / V) {
            held[j] = sum<V>(held[j], x);
        } else {
            put<V>(rest + column, x, !first);
        }
    }

    __device__ __forceinline__ void write(unsigned columns) const {
        along_row<V>(columns, [&](int j, unsigned column) {
            if (j < HELD / V) store<V>(rest + column, held[j]);
        });
    }
};

template <int V>
__device__ void backward(
    float* dx, float* dweight, float* dbias, const float* dy, const float* x, const float* weight, const float* mean,
    const float* rstd, unsigned rows, unsigned D, int add, float* slots) {
    unsigned group = blockIdx.x * blockDim.y + threadIdx.y;
    Row<V> w(weight, D);
    ColumnSums<V> weight_sums(dweight + group * D);
    ColumnSums<V> bias_sums(dbias + group * D);
    unsigned step = gridDim.x * blockDim.y;
    for (unsigned first = blockIdx.x * blockDim.y; first < rows; first += step) {
        unsigned row = first + threadIdx.y;
        unsigned columns = row < rows ? D : 0;
        Row<V> dy_part(dy + row * D, columns);
        Row<V> x_part(x + row * D, columns);
        float m = row < rows ? mean[row] : 0;
        float r = row < rows ? rstd[row] : 0;
        auto normalized = [=](float a) { return (a - m) * r; };
        // Rounded by itself: fused with the subtraction below, a row of one g would not cancel to zero.
        auto weighted = [](float h, float scale) { return __fmul_rn(h, scale); };

        float sum_g = 0;
        float sum_g_xhat = 0;
        along_row<V>(columns, [&](int j, unsigned d) {
            Pack<V> xhat = apply<V>(normalized, x_part.at(j, d));
            Pack<V> g = apply<V>(weighted, dy_part.at(j, d), w.at(j, d));
            sum_g += total<V>(g);
            sum_g_xhat += total<V>(apply<V>([](float s, float t) { return s * t; }, g, xhat));
        });
        float mean_g = row_sum(sum_g, slots) / D;
        float mean_g_xhat = row_sum(sum_g_xhat, slots) / D;

        along_row<V>(columns, [&](int j, unsigned d) {
            Pack<V> xhat = apply<V>(normalized, x_part.at(j, d));
            Pack<V> h = dy_part.at(j, d);
            if (dx != nullptr) {
                Pack<V> g = apply<V>(weighted, h, w.at(j, d));
                auto result = [=](float s, float t) { return r * (s - mean_g - t * mean_g_xhat); };
                put<V>(dx + row * D + d, apply<V>(result, g, xhat), add);
            }
            if (dweight != nullptr) {
                bool is_first = first == blockIdx.x * blockDim.y;
                weight_sums.accumulate(j, d, apply<V>([](float s, float t) { return s * t; }, h, xhat), is_first);
                bias_sums.accumulate(j, d, h, is_first);
            }
        });
    }
    if (dweight != nullptr) {
        weight_sums.write(D);
        bias_sums.write(D);
    }
}

// dx (rows, D) or null; dweight and dbias (groups, D), one row for each group of threads, or null both.
// budget: 64 registers, 128 bytes shared, 50 % occupancy at 256 threads
extern "C" __global__ void __launch_bounds__(MOST_ROW_THREADS) layer_norm_backward(
    float* dx, float* dweight, float* dbias, const float* dy, const float* x, const float* weight, const float* mean,
    const float* rstd, unsigned rows, unsigned D, int add) {
    __shared__ float slots[WARP];
    choose_width(D % 4 == 0, [=](auto width) {
        backward<width.V>(dx, dweight, dbias, dy, x, weight, mean, rstd, rows, D, add, slots);
    });
}
