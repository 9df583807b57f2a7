// The rules of memory, applied to every access of a kernel in a checked build: within an allocation, aligned, written
// before it is read, and ordered after what other threads did to it.
//
// Two accesses of different threads, one of them a write, are ordered by
//   - a barrier of the block between them,
//   - a collective of their warp (shuffle, vote, __syncwarp) between them, if they are of the same warp,
//   - atomics and a fence, if they are of different blocks (atomic_order.h).
// Blocks run one after the other on one OS thread, so "between" is a comparison of numbers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "checking/atomic_order.h"
#include "checking/shadow.h"
#include "execution/launch.h"

namespace emulator {

class BlockRunner;

class Checker {
public:
    // ---- what the block runner tells
    void begin_launch(BlockRunner& runner);
    void begin_block(size_t block);
    void end_block() { active_ = false; }
    bool is_active() const { return active_; }
    void thread_runs(unsigned thread) { me_ = thread | Who{epochs_[thread >> 5]} << EPOCH_SHIFT; }
    void barrier_passed() { now_++; }
    void warp_collective_passed(unsigned warp, unsigned running_thread);

    // ---- what kernels do. `pc` is where in their code.
    void access(const void* address, size_t bytes, bool writes, const void* pc);
    void access_atomic(const void* address, size_t bytes, const void* pc);
    void fence() { order_.fence(now_); }

    /** cp.async is started: its target belongs to the thread and holds nothing until the copy lands. */
    void copy_started(const void* shared, size_t bytes, const void* global, size_t present, const void* pc);

    /** A copy that belongs to no thread has landed; it is ordered with everything. */
    void bulk_landed(const void* shared, size_t bytes);

private:
    struct Access {
        uintptr_t address;
        size_t bytes;
        bool writes;
        const void* pc;
    };

    void check(const Access& access);
    ShadowRegion* check_place(const Access& access);
    ShadowRegion* region_of(uintptr_t address);
    void date(const void* shared, size_t bytes, Time time);
    bool is_beyond_dynamic(const Access& access) const;

    /** What happened before this time does not matter: to global memory before the launch, to shared before the block. */
    Time floor_of(const ShadowRegion* region) const { return region == shared_ ? block_begin_ : launch_begin_; }

    void check_read(const Access& access, const Cell& cell, Time floor);
    void check_write(const Access& access, const Cell& cell, Time floor);
    void note_read(Cell& cell, Time floor);

    /** Whether what happened then, by that thread, is not ordered before what this thread does now. */
    bool clashes(Time then, Who who, Time floor) const;
    bool clashes_with_readers(const Cell& cell, Time floor) const;

    [[noreturn]] void fail_outside(const Access& access);
    [[noreturn]] void fail_misaligned(const Access& access);
    [[noreturn]] void fail_unwritten(const Access& access);
    [[noreturn]] void fail_race(const Access& access, const char* other_access, Time then, Who who);
    [[noreturn]] void fail(Fault fault, const Access& access, const std::string& why);
    bool is_other_memory(const Access& access) const;
    std::string describe(uintptr_t address) const;
    std::string describe_thread(Who who) const;
    std::string describe_block(Time then) const;

    bool active_ = false;
    Who me_ = 0;
    Time now_ = FIRST_TIME;
    Time block_begin_ = FIRST_TIME;
    Time launch_begin_ = FIRST_TIME;
    uintptr_t arena_begin_ = 0;
    size_t arena_bytes_ = 0;
    uintptr_t shared_begin_ = 0;
    size_t shared_bytes_ = 0;
    ShadowRegion* shared_ = nullptr;
    uintptr_t dynamic_begin_ = 0;    // of the dynamic shared memory …
    size_t dynamic_bytes_ = 0;       // … that the launch asked for; the array it lies in is longer
    std::vector<uint16_t> epochs_;   // by warp: its collectives so far, modulo 65536
    AtomicOrder order_;
    BlockRunner* runner_ = nullptr;
    std::map<const char*, ShadowRegion> shared_regions_;  // by base: one for each kernel library
};

/** The only one: checked blocks run on one OS thread. */
extern Checker checker;

}  // namespace emulator
