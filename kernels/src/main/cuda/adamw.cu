// The update of the parameters: gradient norm, clipping, AdamW. What changes from step to step lies in the step state
// on the device, so a step never waits for the host and can be replayed unchanged.
#include "common.cuh"

// squares[first_block + block] = sum of g² over a piece of one gradient. In doubles: the squares of floats beyond
// 1e19 leave the range of a float. Where doubles are slow (a sixty-fourth of the float rate) this is still about as
// fast as memory.
// budget: 40 registers, 256 bytes shared, 75 % occupancy at 256 threads
extern "C" __global__ void adamw_squares(
    double* squares, const float* gradient, unsigned first_block, unsigned n, unsigned piece) {
    __shared__ double slots[WARP];
    unsigned first = blockIdx.x * piece;
    unsigned end = n - first < piece ? n : first + piece;
    double sum = 0;
    auto add = [&](float g) { sum += static_cast<double>(g) * g; };
    for (unsigned i = first + 4 * threadIdx.x; i < end; i += 4 * blockDim.x) {
        if (i + 4 <= end) {
            Pack<4> g = load<4>(gradient + i);
            for (int k = 0; k < 4; k++) add(g.v[k]);
        } else {
            for (unsigned tail = i; tail < end; tail++) add(gradient[tail]);
        }
    }
    sum = row_sum(sum, slots);
    if (threadIdx.x == 0) squares[first_block + blockIdx.x] = sum;
}

// Norm of all gradients from their partial sums, and what the update multiplies them by: min(1, max_norm/(norm +
// 1e-6)), or 0, which skips the update, if the norm is not finite. One block.
// budget: 24 registers, 256 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void adamw_clip(float* state, const double* squares, unsigned count, float max_norm) {
    __shared__ double slots[WARP];
    double sum = 0;
    for (unsigned i = threadIdx.x; i < count; i += blockDim.x) sum += squares[i];
    sum = row_sum(sum, slots);
    if (threadIdx.x == 0) {
        double norm = sqrt(sum);
        double clip = max_norm / (norm + 1e-6);
        state[GRADIENT_NORM] = static_cast<float>(norm);
        state[CLIP] = !isfinite(norm) ? 0.0f : clip < 1 ? static_cast<float>(clip) : 1.0f;
    }
}

/// What one step has for all elements.
struct Step {
    float clip;
    float lr;
    float beta1, rest1, correction1;  // β₁, 1 - β₁, 1 - β₁ᵗ
    float beta2, rest2, correction2;
    float eps;
    float kept;  // 1 - lr · decay

    __device__ __forceinline__ void update(float& p, float gradient, float& m, float& v) const {
        float g = clip * gradient;
        m = beta1 * m + rest1 * g;
        v = beta2 * v + rest2 * g * g;
        p = kept * p - lr * (m / correction1) / (sqrtf(v / correction2) + eps);
    }
};

template <int V>
__device__ __forceinline__ void update(const Step& step, float* p, const float* gradient, float* m, float* v) {
    Pack<V> p_part = load<V>(p);
    Pack<V> g_part = load<V>(gradient);
    Pack<V> m_part = load<V>(m);
    Pack<V> v_part = load<V>(v);
#pragma unroll
    for (int k = 0; k < V; k++) step.update(p_part.v[k], g_part.v[k], m_part.v[k], v_part.v[k]);
    store<V>(p, p_part);
    store<V>(m, m_part);
    store<V>(v, v_part);
}

// One step for one parameter, with the learning rate, step number t and clip factor of the state:
//   g = clip · gradient;  m = β₁ m + (1 - β₁) g;  v = β₂ v + (1 - β₂) g²
//   p = (1 - lr · decay) p - lr · m̂/(sqrt(v̂) + eps),  m̂ = m/(1 - β₁ᵗ), v̂ = v/(1 - β₂ᵗ)
// The corrections need neither powers nor doubles: 1 - βᵗ = -expm1(t ln β) is exact to rounding also where βᵗ is near
// 1. The host gives 1 - β and ln β, rounded once; 1 - β of a rounded β would be off by a rounding of β.
// budget: 48 registers, 0 bytes shared, 62 % occupancy at 256 threads
extern "C" __global__ void adamw_step(
    float* p, float* m, float* v, const float* gradient, const float* state, unsigned n, float beta1, float rest1,
    float log_beta1, float beta2, float rest2, float log_beta2, float eps, float decay) {
    float clip = state[CLIP];
    if (clip == 0) return;
    float lr = state[LEARNING_RATE];
    float t = state[STEP];
    Step step{clip,  lr,    beta1, rest1, -expm1f(t * log_beta1),
              beta2, rest2, -expm1f(t * log_beta2), eps, 1.0f - lr * decay};
    unsigned i = 4 * (blockIdx.x * blockDim.x + threadIdx.x);
    if (i + 4 <= n) {
        update<4>(step, p + i, gradient + i, m + i, v + i);
    } else {
#pragma unroll 1
        for (; i < n; i++) update<1>(step, p + i, gradient + i, m + i, v + i);
    }
}
