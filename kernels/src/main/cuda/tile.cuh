// Moving rectangles of a matrix: from global to shared memory, and four floats at a time (a quad) between global memory
// and registers. Used by gemm.cu and attention.cu.
//
// What moves 16 bytes an instruction needs rows that start on 16-byte boundaries, that is, a row length that is a
// multiple of four; what moves four bytes serves any length. Both read exactly what is there: what lies outside the
// matrix becomes zero, and is never stored.
#pragma once

#include "ptx.cuh"

constexpr int WARP = 32;
constexpr int QUAD = 4;

#define DEVICE static __device__ __forceinline__

DEVICE float4 operator+(float4 a, float4 b) { return make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w); }
DEVICE float4 operator*(float4 a, float4 b) { return make_float4(a.x * b.x, a.y * b.y, a.z * b.z, a.w * b.w); }

/** v = four neighbours in shared memory. */
DEVICE void unpack(float* v, const float* shared) {
    float4 quad = *reinterpret_cast<const float4*>(shared);
    v[0] = quad.x, v[1] = quad.y, v[2] = quad.z, v[3] = quad.w;
}

DEVICE float4 pack(const float* v) { return make_float4(v[0], v[1], v[2], v[3]); }

/** x[0 … 3], zero from x[left] on. */
DEVICE float4 load_quad(const float* x, int left, bool aligned) {
    if (aligned && left >= QUAD) {
        return *reinterpret_cast<const float4*>(x);
    }
    return make_float4(left > 0 ? x[0] : 0, left > 1 ? x[1] : 0, left > 2 ? x[2] : 0, left > 3 ? x[3] : 0);
}

/** y[0 … 3] = v, but nothing from y[left] on. */
DEVICE void store_quad(float* y, float4 v, int left, bool aligned) {
    if (aligned && left >= QUAD) {
        *reinterpret_cast<float4*>(y) = v;
        return;
    }
    if (left > 0) y[0] = v.x;
    if (left > 1) y[1] = v.y;
    if (left > 2) y[2] = v.z;
    if (left > 3) y[3] = v.w;
}

/** How many of four elements exist where `left`, perhaps none or fewer, do. */
DEVICE int present_of_quad(int left) { return min(max(left, 0), QUAD); }

/**
 * Starts the copy of a ROWS × COLUMNS rectangle as it lies: tile[r][c] = x[r · stride + c], zero where r ≥ rows or
 * c ≥ columns. Neighbouring threads copy neighbouring columns: a warp reads whole 32-byte sectors and writes to 32
 * different banks. A tile row holds LENGTH ≥ COLUMNS floats, a multiple of four.
 */
template <int ROWS, int COLUMNS, int LENGTH, int THREADS, bool VECTOR>
DEVICE void copy_rows(float (*tile)[LENGTH], const float* x, size_t stride, int rows, int columns) {
    constexpr int STEP = VECTOR ? QUAD : 1;
    constexpr int ACROSS = COLUMNS / STEP < THREADS ? COLUMNS / STEP : THREADS;  // threads side by side in one row
    constexpr int DOWN = THREADS / ACROSS;
    static_assert(COLUMNS % (ACROSS * STEP) == 0 && ROWS % DOWN == 0, "every thread copies equally much");
    static_assert(LENGTH % QUAD == 0, "every row of a tile starts on a 16-byte boundary");
#pragma unroll
    for (int r = threadIdx.x / ACROSS; r < ROWS; r += DOWN) {
#pragma unroll
        for (int c = threadIdx.x % ACROSS * STEP; c < COLUMNS; c += ACROSS * STEP) {
            const float* from = x + r * stride + c;
            if (VECTOR) {
                copy_async_16(&tile[r][c], from, r < rows ? present_of_quad(columns - c) : 0);
            } else {
                copy_async_4(&tile[r][c], from, r < rows && c < columns);
            }
        }
    }
}
