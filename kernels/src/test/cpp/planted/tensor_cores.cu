// Products of bf16 matrices on tensor cores, C (M, 8) = A (M, K) · B (8, K)ᵀ: one warp with cp.async, ldmatrix and mma;
// four warps with bulk copies, mbarrier and wgmma. Each comes with its bugs: a wait or a barrier left out.
#include "emulated_ptx.h"

using u16 = unsigned short;

constexpr int K_STEP = 16;

/** A block of one warp makes 16 rows. */
template <bool WAITS, bool MEETS, bool MEETS_AGAIN>
__device__ void product_mma(float* c, const u16* a, const u16* b, int K) {
    __shared__ __align__(16) u16 tile_a[16 * K_STEP], tile_b[8 * K_STEP];
    int lane = threadIdx.x;
    float d[4] = {0, 0, 0, 0};
    for (int k = 0; k < K; k += K_STEP) {
        // 32 lanes, 16 bytes each, bring 16 rows of 32 bytes; half of them bring the 8 rows of b.
        const u16* from_a = a + (blockIdx.x * 16 + lane / 2) * K + k + lane % 2 * 8;
        const u16* from_b = b + lane / 2 * K + k + lane % 2 * 8;
        copy_async_16(reinterpret_cast<float*>(tile_a + lane * 8), reinterpret_cast<const float*>(from_a), 4);
        if (lane < 16) {
            copy_async_16(reinterpret_cast<float*>(tile_b + lane * 8), reinterpret_cast<const float*>(from_b), 4);
        }
        copy_async_commit();
        if (WAITS) copy_async_wait<0>();
        if (MEETS) __syncwarp();
        unsigned fragment_a[4], fragment_b[2];
        load_matrices(fragment_a, shared_address(tile_a + lane % 16 * K_STEP + lane / 16 * 8));
        load_matrices(fragment_b, shared_address(tile_b + lane % 8 * K_STEP + lane / 8 % 2 * 8));
        mma_bf16(d, fragment_a, fragment_b);
        if (MEETS_AGAIN) __syncwarp();
    }
    float* out = c + (blockIdx.x * 16 + lane / 4) * 8 + lane % 4 * 2;
    out[0] = d[0], out[1] = d[1], out[8 * 8] = d[2], out[8 * 8 + 1] = d[3];
}

extern "C" __global__ void product_mma_fixed(float* c, const u16* a, const u16* b, int K) {
    product_mma<true, true, true>(c, a, b, K);
}
extern "C" __global__ void product_mma_no_wait(float* c, const u16* a, const u16* b, int K) {
    product_mma<false, true, true>(c, a, b, K);
}
extern "C" __global__ void product_mma_no_meeting(float* c, const u16* a, const u16* b, int K) {
    product_mma<true, false, true>(c, a, b, K);
}

/** Rows of 128 bytes with the 128-byte swizzle, in groups of 8. */
__device__ unsigned long long descriptor(unsigned shared) {
    return (shared & 0x3FFFF) >> 4 | 1ull << 16 | 64ull << 32 | 1ull << 62;
}

/** A block of four warps makes 64 rows; 64 elements of K a step come by the copy engine. */
template <bool WAITS_FOR_COPY, bool WAITS_FOR_PRODUCT, bool MEETS>
__device__ void product_wgmma(const TensorMap& map_a, const TensorMap& map_b, float* c, int K) {
    extern __shared__ __align__(1024) unsigned char tiles[];
    __shared__ unsigned long long barrier;
    unsigned tile_a = shared_address(tiles), tile_b = tile_a + 64 * 128, landed = shared_address(&barrier);
    if (threadIdx.x == 0) {
        barrier_init(landed, 1);
    }
    __syncthreads();
    float d[4] = {0, 0, 0, 0};
    for (int step = 0; step < K / 64; step++) {
        if (threadIdx.x == 0) {
            barrier_expect(landed, (64 + 8) * 128);
            copy_tensor_2d(tile_a, &map_a, landed, step * 64, blockIdx.x * 64);
            copy_tensor_2d(tile_b, &map_b, landed, step * 64, 0);
        }
        if (WAITS_FOR_COPY) barrier_wait(landed, step % 2);
        wgmma_fence();
        for (int k = 0; k < 4; k++) {
            wgmma_bf16(d, descriptor(tile_a + k * 32), descriptor(tile_b + k * 32));
        }
        wgmma_commit();
        if (WAITS_FOR_PRODUCT) wgmma_wait<0>();
        if (MEETS) __syncthreads();
    }
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    float* out = c + (blockIdx.x * 64 + warp * 16 + lane / 4) * 8 + lane % 4 * 2;
    out[0] = d[0], out[1] = d[1], out[8 * 8] = d[2], out[8 * 8 + 1] = d[3];
}

#define PRODUCT_WGMMA(name, waits_for_copy, waits_for_product, meets)                                      \
    extern "C" __global__ void name(const __grid_constant__ TensorMap a, const __grid_constant__ TensorMap b, \
                                    float* c, int K) {                                                     \
        product_wgmma<waits_for_copy, waits_for_product, meets>(a, b, c, K);                               \
    }

PRODUCT_WGMMA(product_wgmma_fixed, true, true, true)
PRODUCT_WGMMA(product_wgmma_no_copy_wait, false, true, true)
PRODUCT_WGMMA(product_wgmma_no_product_wait, true, false, true)
PRODUCT_WGMMA(product_wgmma_no_meeting, true, true, false)

/** y = x, by the copy engine: 256 floats a block. */
extern "C" __global__ void bulk_copy(float* y, const float* x) {
    __shared__ __align__(16) float tile[256];
    __shared__ unsigned long long barrier;
    if (threadIdx.x == 0) {
        barrier_init(shared_address(&barrier), 1);
        barrier_expect(shared_address(&barrier), 1024);
        copy_bulk(shared_address(tile), x + blockIdx.x * 256, 1024, shared_address(&barrier));
    }
    __syncthreads();
    barrier_wait(shared_address(&barrier), 0);
    y[blockIdx.x * 256 + threadIdx.x] = tile[threadIdx.x];
}

/** y (8, 8) = x (8, 8)ᵀ of 16-bit elements: ldmatrix can transpose. */
extern "C" __global__ void transpose_by_load(unsigned* y, const unsigned* x) {
    __shared__ __align__(16) unsigned tile[32];
    tile[threadIdx.x] = x[threadIdx.x];
    __syncwarp();
    unsigned fragment[1];
    load_matrices_transposed(fragment, shared_address(tile + threadIdx.x % 8 * 4));
    y[threadIdx.x] = fragment[0];
}
