// What gemm.cu and attention.cu share: rectangles of a matrix on their way to shared memory, and quads, four neighbouring
// floats, between memory and registers.
//
// What moves 16 bytes an instruction needs rows that start on 16-byte boundaries, that is, a row length that is a
// multiple of four; what moves four bytes serves any length. Both read exactly what is there: what lies outside the
// matrix becomes zero, and is never stored.
#pragma once

#include "common.cuh"
#include "ptx.cuh"

constexpr unsigned QUAD = 4;
using Quad = Pack<QUAD>;

/// x[0 … 3], of which the first `left` exist; the others are zero.
__device__ __forceinline__ Quad load_quad(const float* x, unsigned left, bool is_aligned) {
    if (is_aligned && left >= QUAD) return load<QUAD>(x);
    Quad v;
#pragma unroll
    for (unsigned k = 0; k < QUAD; k++) v.v[k] = k < left ? x[k] : 0;
    return v;
}

/// y[0 … 3] = v, or nothing from y[left] on.
__device__ __forceinline__ void store_quad(float* y, Quad v, unsigned left, bool is_aligned) {
    if (is_aligned && left >= QUAD) {
        store<QUAD>(y, v);
        return;
    }
#pragma unroll
    for (unsigned k = 0; k < QUAD; k++) {
        if (k < left) y[k] = v.v[k];
    }
}

/// Writes a quad, or adds it to what is there.
__device__ __forceinline__ void put_quad(float* y, Quad v, unsigned left, bool is_aligned, bool add) {
    store_quad(y, add ? sum<QUAD>(load_quad(y, left, is_aligned), v) : v, left, is_aligned);
}

/// How many elements from `first` on exist where `all` do, as far as four.
__device__ __forceinline__ unsigned left_of_quad(unsigned all, unsigned first) {
    return first < all ? min(all - first, QUAD) : 0;
}

/// v[0 … 3] from shared memory.
__device__ __forceinline__ void read_quad(float* v, const float* shared) {
    Quad quad = load<QUAD>(shared);
#pragma unroll
    for (unsigned k = 0; k < QUAD; k++) v[k] = quad.v[k];
}

/// Starts the copy of a ROWS × COLUMNS rectangle as it lies: tile[r][c] = x[r · stride + c], zero where r ≥ rows or
/// c ≥ columns. Neighbouring threads copy neighbouring columns, so that a warp reads whole 32-byte sectors and writes to
/// 32 different banks. A tile row holds LENGTH ≥ COLUMNS floats, a multiple of four.
template <unsigned ROWS, unsigned COLUMNS, unsigned LENGTH, unsigned THREADS, bool IS_ALIGNED>
__device__ __forceinline__ void copy_rows(
    float (*tile)[LENGTH], const float* x, unsigned stride, unsigned rows, unsigned columns) {
    constexpr unsigned STEP = IS_ALIGNED ? QUAD : 1;
    constexpr unsigned ACROSS = COLUMNS / STEP < THREADS ? COLUMNS / STEP : THREADS;  // threads side by side in a row
    constexpr unsigned DOWN = THREADS / ACROSS;
    static_assert(COLUMNS % (ACROSS * STEP) == 0 && ROWS % DOWN == 0, "every thread copies equally much");
    static_assert(LENGTH % QUAD == 0, "every row of the tile starts on a 16-byte boundary");
    constexpr unsigned UNROLL = IS_ALIGNED ? 4 : 1;
#pragma unroll UNROLL
    for (unsigned r0 = 0; r0 < ROWS; r0 += DOWN) {
#pragma unroll
        for (unsigned c0 = 0; c0 < COLUMNS; c0 += ACROSS * STEP) {
            unsigned r = r0 + threadIdx.x / ACROSS;
            unsigned c = c0 + threadIdx.x % ACROSS * STEP;
            const float* from = x + (r * stride + c);
            if (IS_ALIGNED) {
                copy_async_16(&tile[r][c], from, r < rows ? left_of_quad(columns, c) : 0);
            } else {
                copy_async_4(&tile[r][c], from, r < rows && c < columns);
            }
        }
    }
}
