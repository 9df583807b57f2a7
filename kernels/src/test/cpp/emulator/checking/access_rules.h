// The part of the checker that runs at every access: inline, because the hooks that the compiler calls are many and hot.
#pragma once

#include "checking/checker.h"

namespace emulator {

inline void Checker::access(const void* address, size_t bytes, bool writes, const void* pc) {
    if (active_) {
        check({reinterpret_cast<uintptr_t>(address), bytes, writes, pc});
    }
}

inline ShadowRegion* Checker::region_of(uintptr_t address) {
    if (address - shared_begin_ < shared_bytes_) {
        return shared_;
    }
    return address - arena_begin_ < arena_bytes_ ? shadow_region(address) : nullptr;
}

inline bool Checker::is_beyond_dynamic(const Access& access) const {
    uintptr_t offset = access.address - dynamic_begin_;
    return offset < MAX_DYNAMIC_SHARED && offset + access.bytes > dynamic_bytes_;
}

/** The region in which the access lies, and lies well; null if it is memory of which nothing is recorded. */
inline ShadowRegion* Checker::check_place(const Access& access) {
    ShadowRegion* region = region_of(access.address);
    if (__builtin_expect(!region || !region->contains(access.address, access.bytes), false)) {
        if (is_other_memory(access)) {
            return nullptr;
        }
        fail_outside(access);
    }
    if (__builtin_expect(access.address % access.bytes != 0, false)) {
        fail_misaligned(access);
    }
    if (__builtin_expect(region == shared_ && is_beyond_dynamic(access), false)) {
        fail_outside(access);
    }
    return region;
}

inline void Checker::check(const Access& access) {
    ShadowRegion* region = check_place(access);
    if (!region) {
        return;
    }
    Time floor = floor_of(region);
    size_t count = region->cells_for(access.bytes);
    Cell* cell = region->at(access.address);
    for (size_t i = 0; i < count; i++, cell++) {
        if (access.writes) {
            check_write(access, *cell, floor);
            *cell = {now_, me_, NEVER, 0};
        } else {
            check_read(access, *cell, floor);
            note_read(*cell, floor);
        }
    }
}

inline void Checker::check_read(const Access& access, const Cell& cell, Time floor) {
    // Shared memory starts each block unwritten; global memory keeps what earlier launches and the host wrote.
    if (__builtin_expect(cell.written < (floor == block_begin_ ? block_begin_ : BY_HOST), false)) {
        fail_unwritten(access);
    }
    if (__builtin_expect(clashes(cell.written, cell.writer, floor), false)) {
        fail_race(access, "write", cell.written, cell.writer);
    }
}

inline void Checker::check_write(const Access& access, const Cell& cell, Time floor) {
    if (__builtin_expect(clashes(cell.written, cell.writer, floor), false)) {
        fail_race(access, "write", cell.written, cell.writer);
    }
    if (__builtin_expect(clashes_with_readers(cell, floor), false)) {
        fail_race(access, "read", cell.read, cell.reader);
    }
}

inline bool Checker::clashes(Time then, Who who, Time floor) const {
    if (then < floor) {
        return false;
    }
    if (then == now_) {
        Who difference = who ^ me_;
        bool same_thread = (difference & THREAD_BITS) == 0;
        bool ordered_by_warp = (difference & WARP_BITS) == 0 && (difference & EPOCH_BITS) != 0;
        return !same_thread && !ordered_by_warp;
    }
    return then < block_begin_ && !order_.is_ordered(then, who & THREAD_BITS, now_, me_ & THREAD_BITS);
}

inline bool Checker::clashes_with_readers(const Cell& cell, Time floor) const {
    if (cell.read < floor) {
        return false;
    }
    if ((cell.reader & OTHER_BLOCK) && !order_.knows_others()) {
        return true;
    }
    if (cell.read == now_) {
        bool same_epoch = ((cell.reader ^ me_) & (WARP_BITS | EPOCH_BITS)) == 0;
        if ((cell.reader & MANY_WARPS) || ((cell.reader & MANY_LANES) && same_epoch)) {
            return true;
        }
    }
    return clashes(cell.read, cell.reader, floor);
}

/** Of several readers one is kept, and flags for the others: enough to tell whether a later write clashes with any. */
inline void Checker::note_read(Cell& cell, Time floor) {
    Who former = cell.reader;
    Time then = cell.read;
    cell.read = now_;
    cell.reader = me_;
    if (then == now_) {
        Who difference = former ^ me_;
        if (difference == 0) {
            return;
        }
        bool other_warp = (former & MANY_WARPS) || (difference & WARP_BITS);
        bool other_lane = (difference & EPOCH_BITS) == 0;  // or the same one again, which others had joined
        cell.reader = me_ | (former & OTHER_BLOCK) | (other_warp ? MANY_WARPS : other_lane ? MANY_LANES : 0);
    } else if (then >= floor) {
        cell.reader = me_ | (then < block_begin_ ? OTHER_BLOCK : former & OTHER_BLOCK);
    }
}

}  // namespace emulator
