// How the elements of a matrix lie in the registers of a warp is laid down in the PTX manual, section "Warp-level matrix
// instructions"; for wgmma in "Asynchronous warpgroup-level matrix instructions". g = lane / 4 and q = lane % 4 below are
// the manual's groupID and threadID_in_group.
#include "execution/matrix_units.h"

#include <cmath>
#include <cstring>
#include <numeric>

#include "checking/hooks.h"
#include "execution/block.h"
#include "report.h"

namespace emulator {

std::vector<PendingProducts::Product> PendingProducts::take(size_t pending) {
    std::vector<Product> taken;
    while (groups_.size() > pending) {
        auto end = products_.begin() + static_cast<ptrdiff_t>(groups_.front());
        taken.insert(taken.end(), products_.begin(), end);
        products_.erase(products_.begin(), end);
        groups_.erase(groups_.begin());
    }
    return taken;
}

namespace {

float from_bf16(unsigned bits) {
    unsigned wide = bits << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

/** Element `half` (0 or 1) of a register that holds two bf16. */
float element(unsigned packed, unsigned half) {
    return from_bf16(packed >> (16 * half) & 0xFFFF);
}

const uint16_t* shared_element(unsigned address) {
    return reinterpret_cast<const uint16_t*>(current_runner->shared().base + address);
}

// ---- ldmatrix

struct LoadOperands {
    unsigned* fragments;
    unsigned row_address;
    unsigned count;
    bool transposed;
    const void* pc;
};

/** Matrix m has its rows at the addresses of lanes 8m … 8m+7; lane l gets elements 2·(l % 4) and + 1 of row l / 4. */
void load_matrices(void** lanes, unsigned) {
    const LoadOperands& first = *static_cast<LoadOperands*>(lanes[0]);
    for (unsigned m = 0; m < first.count; m++) {
        uint16_t matrix[8][8];
        for (unsigned row = 0; row < 8; row++) {
            unsigned address = static_cast<LoadOperands*>(lanes[8 * m + row])->row_address;
            note_access(shared_element(address), 16, false, first.pc);
            memcpy(matrix[row], shared_element(address), 16);
        }
        for (unsigned lane = 0; lane < WARP_SIZE; lane++) {
            unsigned g = lane / 4, q = lane % 4;
            unsigned low = first.transposed ? matrix[2 * q][g] : matrix[g][2 * q];
            unsigned high = first.transposed ? matrix[2 * q + 1][g] : matrix[g][2 * q + 1];
            static_cast<LoadOperands*>(lanes[lane])->fragments[m] = low | high << 16;
        }
    }
}

// ---- mma.m16n8k16

struct MmaOperands {
    float* d;
    const unsigned* a;
    const unsigned* b;
};

/** Register i of a holds rows g (+8 if i is odd), columns 2q, 2q+1 (+8 if i ≥ 2). */
void gather_a(void** lanes, float (&a)[16][16]) {
    for (unsigned lane = 0; lane < WARP_SIZE; lane++) {
        const unsigned* registers = static_cast<MmaOperands*>(lanes[lane])->a;
        for (unsigned i = 0; i < 4; i++) {
            for (unsigned half = 0; half < 2; half++) {
                a[lane / 4 + i % 2 * 8][lane % 4 * 2 + half + i / 2 * 8] = element(registers[i], half);
            }
        }
    }
}

/** Register i of b holds rows 2q, 2q+1 (+8 if i is 1) of column g. */
void gather_b(void** lanes, float (&b)[16][8]) {
    for (unsigned lane = 0; lane < WARP_SIZE; lane++) {
        const unsigned* registers = static_cast<MmaOperands*>(lanes[lane])->b;
        for (unsigned i = 0; i < 2; i++) {
            for (unsigned half = 0; half < 2; half++) {
                b[lane % 4 * 2 + half + i * 8][lane / 4] = element(registers[i], half);
            }
        }
    }
}

/** Register i of d holds row g (+8 if i ≥ 2), column 2q (+1 if i is odd). */
void multiply(void** lanes, unsigned) {
    float a[16][16];
    float b[16][8];
    gather_a(lanes, a);
    gather_b(lanes, b);
    for (unsigned lane = 0; lane < WARP_SIZE; lane++) {
        float* d = static_cast<MmaOperands*>(lanes[lane])->d;
        for (unsigned i = 0; i < 4; i++) {
            unsigned row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
            for (unsigned k = 0; k < 16; k++) {
                d[i] = std::fma(a[row][k], b[k][column], d[i]);
            }
        }
    }
}

// ---- wgmma.m64nNk16

constexpr unsigned K = 16;
constexpr unsigned ROWS_PER_WARP = 16;

/**
 * Element (row, k) of an operand whose rows are contiguous along k in shared memory: groups of 8 rows, 128 bytes each,
 * one group after the other at the descriptor's stride. With the 128-byte swizzle, the 16-byte pieces of a row change
 * places: piece p of row r lies at p xor (r mod 8), which is a matter of address bits.
 */
float descriptor_element(uint64_t descriptor, unsigned row, unsigned k, const void* pc) {
    unsigned start = static_cast<unsigned>(descriptor & 0x3FFF) << 4;
    unsigned stride = static_cast<unsigned>(descriptor >> 32 & 0x3FFF) << 4;
    bool swizzled = descriptor >> 62 == 1;
    unsigned linear = start + row / 8 * stride + row % 8 * 128 + k * 2;
    unsigned address = swizzled ? linear ^ (linear >> 7 & 7) << 4 : linear;
    note_access(shared_element(address), 2, false, pc);
    return from_bf16(*shared_element(address));
}

/** One warp's quarter of the product: 16 rows of a, all columns. Every warp does its own when it waits for it. */
void multiply_rows(PendingProducts::Product* const* lanes, const void* pc) {
    const PendingProducts::Product& product = *lanes[0];
    unsigned first_row = emu_thread->warp % 4 * ROWS_PER_WARP;
    float a[ROWS_PER_WARP][K];
    for (unsigned row = 0; row < ROWS_PER_WARP; row++) {
        for (unsigned k = 0; k < K; k++) {
            a[row][k] = descriptor_element(product.a, first_row + row, k, pc);
        }
    }
    for (unsigned column = 0; column < product.n; column++) {
        float b[K];
        for (unsigned k = 0; k < K; k++) {
            b[k] = descriptor_element(product.b, column, k, pc);
        }
        for (unsigned row = 0; row < ROWS_PER_WARP; row++) {
            // As for mma, with 4 registers for each 8 columns.
            unsigned lane = row % 8 * 4 + column % 8 / 2;
            float& d = lanes[lane]->d[column / 8 * 4 + row / 8 * 2 + column % 2];
            for (unsigned k = 0; k < K; k++) {
                d = std::fma(a[row][k], b[k], d);
            }
        }
    }
    emu_note_matrix_operations(2 * ROWS_PER_WARP * K * product.n);
}

struct WaitOperands {
    std::vector<PendingProducts::Product> products;
    const void* pc;
};

void finish_products(void** lanes, unsigned) {
    const WaitOperands& first = *static_cast<WaitOperands*>(lanes[0]);
    for (size_t i = 0; i < first.products.size(); i++) {
        PendingProducts::Product* of_lane[WARP_SIZE];
        for (unsigned lane = 0; lane < WARP_SIZE; lane++) {
            of_lane[lane] = &static_cast<WaitOperands*>(lanes[lane])->products[i];
        }
        multiply_rows(of_lane, first.pc);
    }
}

}  // namespace

}  // namespace emulator

using namespace emulator;

void emu_load_matrices(unsigned* fragments, unsigned row_address, unsigned count, bool transposed, Site site) {
    LoadOperands operands{fragments, row_address, count, transposed, __builtin_return_address(0)};
    emu_collective(~0u, &operands, load_matrices, site);
}

void emu_mma_bf16(float* d, const unsigned* a, const unsigned* b, Site site) {
    MmaOperands operands{d, a, b};
    emu_collective(~0u, &operands, multiply, site);
    if (emu_thread->lane == 0) {
        emu_note_matrix_operations(2 * 16 * 8 * 16);
    }
}

void emu_wgmma_bf16(float* d, unsigned n, uint64_t a, uint64_t b, Site) {
    current_runner->pending_products().start({d, n, a, b});
}

void emu_wgmma_commit() {
    current_runner->pending_products().commit();
}

void emu_wgmma_wait(unsigned pending, Site site) {
    WaitOperands operands{current_runner->pending_products().take(pending), __builtin_return_address(0)};
    emu_collective(~0u, &operands, finish_products, site);
}
