// Losses. They stay on the device: nothing here waits for the host, and a loss that is not a number skips the update
// of its step, because its gradients are none either.
#include "common.cuh"

// ---- Mean-square error of a span of tokens ------------------------------------------------------------------------

template <int V>
__device__ float squared_error(
    const float* prediction, const float* target, unsigned B, unsigned run, unsigned start, unsigned image_size) {
    float squares = 0;
    for (unsigned image = blockIdx.y; image < B; image += gridDim.y) {
        unsigned offset = start + image * image_size;
        for (unsigned i = V * (blockIdx.x * blockDim.x + threadIdx.x); i < run; i += V * gridDim.x * blockDim.x) {
            auto square = [](float p, float t) { return (p - t) * (p - t); };
            squares += total<V>(apply<V>(square, load<V>(prediction + offset + i), load<V>(target + offset + i)));
        }
    }
    return squares;
}

// sums (blocks): what each block finds of the sum of (prediction - target)² over `run` floats of every image, from
// `start`.
// budget: 24 registers, 128 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void loss_squared_error(
    float* sums, const float* prediction, const float* target, unsigned B, unsigned run, unsigned start,
    unsigned image_size) {
    __shared__ float slots[WARP];
    float squares = 0;
    choose_width((run | start | image_size) % 4 == 0, [&](auto width) {
        squares = squared_error<width.V>(prediction, target, B, run, start, image_size);
    });
    squares = row_sum(squares, slots);
    if (threadIdx.x == 0) sums[blockIdx.y * gridDim.x + blockIdx.x] = squares;
}

// errors[span] = scale · sum of sums; loss = weight · error, added to the loss of the spans before. One block.
// budget: 16 registers, 128 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void loss_span_error(
    float* errors, float* loss, const float* sums, unsigned count, unsigned span, float scale, float weight) {
    __shared__ float slots[WARP];
    float squares = 0;
    for (unsigned i = threadIdx.x; i < count; i += blockDim.x) squares += sums[i];
    squares = row_sum(squares, slots);
    if (threadIdx.x == 0) {
        float error = scale * squares;
        errors[span] = error;
        loss[0] = span == 0 ? weight * error : loss[0] + weight * error;
    }
}

template <int V>
__device__ void squared_error_backward(
    float* dprediction, const float* dloss, const float* prediction, const float* target, unsigned B, unsigned run,
    unsigned start, unsigned image_size, float factor, int add) {
    unsigned i = V * (blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= run) return;
    float scale = dloss[0] * factor;
    for (unsigned image = blockIdx.y * blockDim.y + threadIdx.y; image < B; image += gridDim.y * blockDim.y) {
        unsigned at = start + image * image_size + i;
        auto gradient = [=](float p, float t) { return scale * (p - t); };
        Pack<V> g = repeated<V>(0);
        if (prediction != nullptr) g = apply<V>(gradient, load<V>(prediction + at), load<V>(target + at));
        put<V>(dprediction + at, g, add);
    }
}

// dprediction = dloss · factor · (prediction - target) for `run` floats of every image, from `start`; 0 where
// prediction is null, for tokens in no span, whatever their values are.
// budget: 32 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void loss_squared_error_backward(
    float* dprediction, const float* dloss, const float* prediction, const float* target, unsigned B, unsigned run,
    unsigned start, unsigned image_size, float factor, int add) {
    choose_width((run | start | image_size) % 4 == 0, [=](auto width) {
        squared_error_backward<width.V>(
            dprediction, dloss, prediction, target, B, run, start, image_size, factor, add);
    });
}

// ---- Softmax cross-entropy ----------------------------------------------------------------------------------------

/// The target q of a class: (1 - smoothing) · onehot + smoothing/K. NaN for a label that is no class number 0 … K -
/// 1.
struct Target {
    float label;
    float smoothing;
    unsigned K;

    __device__ __forceinline__ float share(unsigned k) const {
        bool is_class = label >= 0 && label < K && label == truncf(label);
        float rest = is_class ? smoothing / K : nanf("");
        return k == label ? 1.0f - smoothing + rest : rest;
    }
};

template <int V>
__device__ void cross_entropy(
    float* losses, float* probabilities, const float* logits, const float* labels, unsigned B, unsigned K,
    float smoothing, float* slots) {
    for (unsigned first = blockIdx.x * blockDim.y; first < B; first += gridDim.x * blockDim.y) {
        unsigned row = first + threadIdx.y;
        unsigned columns = row < B ? K : 0;
        Row<V> x(logits + row * K, columns);
        // log sum exp about the largest logit, so that nothing overflows.
        float largest = -INFINITY;
        along_row<V>(columns, [&](int j, unsigned k) {
            Pack<V> part = x.at(j, k);
            for (int i = 0; i < V; i++) largest = larger(largest, part.v[i]);
        });
        largest = row_max(largest, slots);
        float sum = 0;
        along_row<V>(columns, [&](int j, unsigned k) {
            sum += total<V>(apply<V>([=](float a) { return expf(a - largest); }, x.at(j, k)));
        });
        float log_sum = logf(row_sum(sum, slots));

        Target target{row < B ? labels[row] : 0, smoothing, K};
        float loss = 0;
        along_row<V>(columns, [&](int j, unsigned k) {
            Pack<V> log_p = apply<V>([=](float a) { return a - largest - log_sum; }, x.at(j, k));
            // A class without a share may have a logit of -infinity.
            for (int i = 0; i < V; i++) {
                float share = target.share(k + i);
                loss -= share == 0 ? 0 : share * log_p.v[i];
            }
            if (probabilities != nullptr) store<V>(probabilities + row * K + k, apply<V>(expf, log_p));
        });
        loss = row_sum(loss, slots);
        if (threadIdx.x == 0 && row < B) losses[row] = loss;
    }
}

// losses (B) = -sum over k of q log p; probabilities (B, K) or null. Blocks as in layer_norm.cu.
// budget: 48 registers, 128 bytes shared, 62 % occupancy at 256 threads
extern "C" __global__ void __launch_bounds__(MOST_ROW_THREADS) loss_cross_entropy(
    float* losses, float* probabilities, const float* logits, const float* labels, unsigned B, unsigned K,
    float smoothing) {
    __shared__ float slots[WARP];
    choose_width(K % 4 == 0, [=](auto width) {
        cross_entropy<width.V>(losses, probabilities, logits, labels, B, K, smoothing, slots);
    });
}

template <int V>
__device__ void cross_entropy_backward(
    float* dlogits, const float* dloss, const float* probabilities, const float* labels, unsigned B, unsigned K,
    float smoothing, int add) {
    unsigned k = V * (blockIdx.x * blockDim.x + threadIdx.x);
    if (k >= K) return;
    float factor = dloss[0] / B;
    for (unsigned row = blockIdx.y * blockDim.y + threadIdx.y; row < B; row += gridDim.y * blockDim.y) {
        Target target{labels[row], smoothing, K};
        Pack<V> g = load<V>(probabilities + row * K + k);
        for (int i = 0; i < V; i++) g.v[i] = factor * (g.v[i] - target.share(k + i));
        put<V>(dlogits + row * K + k, g, add);
    }
}

// dlogits (B, K) = dloss/B · (p - q).
// budget: 32 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void loss_cross_entropy_backward(
    float* dlogits, const float* dloss, const float* probabilities, const float* labels, unsigned B, unsigned K,
    float smoothing, int add) {
    choose_width(K % 4 == 0, [=](auto width) {
        cross_entropy_backward<width.V>(dlogits, dloss, probabilities, labels, B, K, smoothing, add);
    });
}

// ---- The blend of two losses, its share read from the step state --------------------------------------------------

// y = λ · a + (1 - λ) · b. One thread.
// budget: 16 registers, 0 bytes shared, 33 % occupancy at 1 threads
// reason: one thread computes one number
extern "C" __global__ void loss_blend(float* y, const float* a, const float* b, const float* state) {
    float share = state[TEACHER_FORCING];
    y[0] = share * a[0] + (1.0f - share) * b[0];
}

// da = λ · dy, db = (1 - λ) · dy; each may be null, and both may be one scalar. One thread.
// budget: 16 registers, 0 bytes shared, 33 % occupancy at 1 threads
// reason: one thread computes one number
extern "C" __global__ void loss_blend_backward(
    float* da, float* db, const float* dy, const float* state, int add_a, int add_b) {
    float share = state[TEACHER_FORCING];
    if (da != nullptr) put<1>(da, {{share * dy[0]}}, add_a);
    if (db != nullptr) put<1>(db, {{(1.0f - share) * dy[0]}}, add_b);
}
