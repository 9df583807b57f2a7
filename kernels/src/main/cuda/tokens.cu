// Kernels that move tokens. A thread keeps its place in a token, or in a run of tokens, and goes through the images:
// what that place means in memory is worked out once.
#include "common.cuh"

// ---- Patches ------------------------------------------------------------------------------------------------------

/// The meeting places of images (B, channels, h · p, w · p) and patches (B, h · w, channels · p · p): calls
/// f(in images, in patches) for packs of V pixels of a row.
template <int V, class F>
__device__ void each_pixel(unsigned B, unsigned channels, unsigned h, unsigned w, unsigned p, F f) {
    unsigned place = V * (blockIdx.x * blockDim.x + threadIdx.x);  // in a patch: (channel, row, column)
    unsigned pixels = channels * p * p;
    if (place >= pixels) return;
    unsigned channel = place / (p * p);
    unsigned row = place / p % p;
    unsigned column = place % p;
    for (unsigned i = blockIdx.y * blockDim.y + threadIdx.y; i < B * h * w; i += gridDim.y * blockDim.y) {
        unsigned image = i / (h * w);
        unsigned y = i / w % h * p + row;
        unsigned x = i % w * p + column;
        f(((image * channels + channel) * h * p + y) * w * p + x, i * pixels + place);
    }
}

// y (B, h · w, channels · p · p) from images (B, channels, h · p, w · p).
// budget: 32 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void tokens_patchify(
    float* y, const float* images, unsigned B, unsigned channels, unsigned h, unsigned w, unsigned p) {
    choose_width(p % 4 == 0, [=](auto width) {
        constexpr int V = width.V;
        auto copy = [=](unsigned pixel, unsigned in_patch) { store<V>(y + in_patch, load<V>(images + pixel)); };
        each_pixel<V>(B, channels, h, w, p, copy);
    });
}

// Every pixel is in exactly one patch: its gradient goes back there.
// budget: 32 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void tokens_patchify_backward(
    float* dimages, const float* dy, unsigned B, unsigned channels, unsigned h, unsigned w, unsigned p, int add) {
    choose_width(p % 4 == 0, [=](auto width) {
        constexpr int V = width.V;
        auto copy = [=](unsigned pixel, unsigned in_patch) { put<V>(dimages + pixel, load<V>(dy + in_patch), add); };
        each_pixel<V>(B, channels, h, w, p, copy);
    });
}

// ---- Runs of tokens -----------------------------------------------------------------------------------------------

template <int V>
__device__ void copy(
    float* y, const float* x, unsigned B, unsigned run, unsigned y_start, unsigned y_image, unsigned x_start,
    unsigned x_image) {
    unsigned i = V * (blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= run) return;
    Pack<V> token = x_image == 0 ? load<V>(x + x_start + i) : repeated<V>(0);
    for (unsigned image = blockIdx.y * blockDim.y + threadIdx.y; image < B; image += gridDim.y * blockDim.y) {
        if (x_image != 0) token = load<V>(x + x_start + image * x_image + i);
        store<V>(y + y_start + image * y_image + i, token);
    }
}

// Copies `run` floats, some whole tokens, of every image: from x_start of x to y_start of y. Images lie x_image and
// y_image floats apart; x_image = 0 repeats a single image.
// budget: 24 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void tokens_copy(
    float* y, const float* x, unsigned B, unsigned run, unsigned y_start, unsigned y_image, unsigned x_start,
    unsigned x_image) {
    choose_width((run | y_start | y_image | x_start | x_image) % 4 == 0, [=](auto width) {
        copy<width.V>(y, x, B, run, y_start, y_image, x_start, x_image);
    });
}

template <int V>
__device__ void copy_backward(
    float* dx, const float* dy, unsigned B, unsigned run, unsigned dx_start, unsigned dx_image, unsigned dy_start,
    unsigned dy_image, int add) {
    unsigned i = V * (blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= dx_image) return;
    bool is_inside = dx_start <= i && i - dx_start < run;
    if (!is_inside && add) return;
    for (unsigned image = blockIdx.y * blockDim.y + threadIdx.y; image < B; image += gridDim.y * blockDim.y) {
        Pack<V> g = is_inside ? load<V>(dy + dy_start + image * dy_image + i - dx_start) : repeated<V>(0);
        put<V>(dx + image * dx_image + i, g, add);
    }
}

// The adjoint for as many images in dx as in dy: the run of dx receives that of dy. If dx is not added to, its other
// tokens become zero.
// budget: 24 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void tokens_copy_backward(
    float* dx, const float* dy, unsigned B, unsigned run, unsigned dx_start, unsigned dx_image, unsigned dy_start,
    unsigned dy_image, int add) {
    choose_width((run | dx_start | dx_image | dy_start | dy_image) % 4 == 0, [=](auto width) {
        copy_backward<width.V>(dx, dy, B, run, dx_start, dx_image, dy_start, dy_image, add);
    });
}
