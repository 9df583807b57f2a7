// What the checker remembers of memory: for each word, when and by whom it was last written and read.
#pragma once

#include <cstddef>
#include <cstdint>

namespace emulator {

/**
 * A point in time: the number of the stretch between two barriers of a block. The numbers only grow, from block to block
 * and from launch to launch, so that one comparison tells whether something happened in this stretch, earlier in this
 * block, in another block of this launch, or before.
 */
using Time = uint32_t;

constexpr Time NEVER = 0;
constexpr Time BY_HOST = 1;
constexpr Time FIRST_TIME = 2;

/** A thread of a block (10 bits), the number of collectives that its warp had done (16 bits), and flags. */
using Who = uint32_t;

constexpr Who THREAD_BITS = 0x3FF;
constexpr Who WARP_BITS = 0x3E0;
constexpr unsigned EPOCH_SHIFT = 10;
constexpr Who EPOCH_BITS = 0xFFFFu << EPOCH_SHIFT;
constexpr Who MANY_LANES = 1u << 26;   // of readers: other lanes of this warp, too, since its last collective
constexpr Who MANY_WARPS = 1u << 27;   // of readers: threads of other warps, too, since the last barrier
constexpr Who OTHER_BLOCK = 1u << 28;  // of readers: another block of this launch, too
constexpr Who ATOMIC = 1u << 29;       // of a writer: by an atomic operation

struct Cell {
    Time written;
    Who writer;
    Time read;
    Who reader;
};

/** The cells of one stretch of memory. A cell stands for 4 bytes until something smaller is accessed. */
class ShadowRegion {
public:
    ShadowRegion() = default;
    ShadowRegion(uintptr_t begin, size_t bytes);
    ~ShadowRegion();
    ShadowRegion(ShadowRegion&& other) noexcept;
    ShadowRegion& operator=(ShadowRegion&& other) noexcept;

    bool contains(uintptr_t address, size_t bytes) const {
        size_t offset = address - begin_;
        return offset < bytes_ && bytes <= bytes_ - offset;
    }

    Cell* at(uintptr_t address) { return cells_ + ((address - begin_) >> shift_); }

    /** How many cells an access of so many bytes covers; makes the cells smaller if need be. */
    size_t cells_for(size_t bytes) {
        if (bytes >> shift_ == 0) {
            refine(bytes);
        }
        return bytes >> shift_;
    }

    /** The cells that a range of any alignment touches. */
    Cell* first(uintptr_t address) { return at(address); }
    Cell* last(uintptr_t address, size_t bytes) { return at(address + bytes - 1) + 1; }

    /** Makes the region shorter: what lies behind is out of bounds. All of it counts as never written. */
    void restrict_to(size_t bytes);

    uintptr_t begin() const { return begin_; }
    size_t bytes() const { return bytes_; }

private:
    void refine(size_t granule);
    size_t cell_count() const { return (capacity_ >> shift_) + 1; }

    uintptr_t begin_ = 0;
    size_t bytes_ = 0;
    size_t capacity_ = 0;
    Cell* cells_ = nullptr;
    unsigned shift_ = 2;
};

// ---- global memory. In the other modes these functions do nothing.

void shadow_allocated(uintptr_t address, size_t bytes, uintptr_t pages, size_t page_bytes);
void shadow_freed(uintptr_t pages, size_t page_bytes);

/** The host, or a copy, has written the range. */
void shadow_written(uintptr_t address, size_t bytes);

/** A copy on the device: what was never written stays so. */
void shadow_copied(uintptr_t to, uintptr_t from, size_t bytes);

/** The first address of the range that nobody has written; 0 if there is none. */
uintptr_t shadow_unwritten(uintptr_t address, size_t bytes);

/** The region of an address of the arena; null if no allocation has that page. */
ShadowRegion* shadow_region(uintptr_t address);

}  // namespace emulator
