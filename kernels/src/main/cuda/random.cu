// Random numbers that are the same on every device: Philox 4x32-10 (Salmon et al., Parallel random numbers: as easy
// as 1, 2, 3, SC 2011). Ten rounds turn a counter and a key into random bits; nothing is kept from one number to the
// next, so any thread can draw any of them.
#include "common.cuh"

constexpr unsigned ROUNDS = 10;

/// The first word of the block at counter (index, 0, step, stream) under a 64-bit seed: Philox.java has the same
/// lines.
__device__ __forceinline__ unsigned philox(unsigned long long seed, unsigned stream, unsigned step, unsigned index) {
    unsigned c0 = index, c1 = 0, c2 = step, c3 = stream;
    unsigned k0 = static_cast<unsigned>(seed), k1 = static_cast<unsigned>(seed >> 32);
#pragma unroll
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned long long p0 = 0xD2511F53ull * c0;
        unsigned long long p1 = 0xCD9E8D57ull * c2;
        c0 = static_cast<unsigned>(p1 >> 32) ^ c1 ^ k0;
        c2 = static_cast<unsigned>(p0 >> 32) ^ c3 ^ k1;
        c1 = static_cast<unsigned>(p1);
        c3 = static_cast<unsigned>(p0);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return c0;
}

/// 24 bits in [0, 1): every value is a float, so it is the same however it is computed.
__device__ __forceinline__ float uniform(unsigned long long seed, unsigned stream, unsigned step, unsigned index) {
    return (philox(seed, stream, step, index) >> 8) * 0x1p-24f;
}

// mask (G, D): row g is 0 with the given probability, else all `kept`. The draws are numbered by g and by the step
// number in the step state. A warp takes a row; its lanes draw the same number at the same time, which costs no more
// than one.
// budget: 24 registers, 0 bytes shared, 100 % occupancy at 256 threads
extern "C" __global__ void random_stochastic_depth_mask(
    float* mask, const float* state, unsigned G, unsigned D, float drop_probability, float kept, long long seed,
    unsigned stream) {
    unsigned warps = blockDim.x / WARP;
    unsigned row = blockIdx.x * warps + threadIdx.x / WARP;
    if (row >= G) return;
    float draw = uniform(seed, stream, static_cast<unsigned>(state[STEP]), row);
    float value = draw < drop_probability ? 0 : kept;
    for (unsigned d = threadIdx.x % WARP; d < D; d += WARP) mask[row * D + d] = value;
}
