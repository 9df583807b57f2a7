#include "checking/checker.h"

#include <algorithm>

#include "checking/access_rules.h"
#include "execution/block.h"
#include "memory/device_memory.h"
#include "report.h"
#include "source_lines.h"

namespace emulator {

Checker checker;

// ---- the course of a launch

void Checker::begin_launch(BlockRunner& runner) {
    runner_ = &runner;
    arena_begin_ = device_memory().begin();
    arena_bytes_ = device_memory().arena_bytes();
    const SharedMemory& shared = runner.shared();
    shared_begin_ = reinterpret_cast<uintptr_t>(shared.base) & ~uintptr_t{15};
    shared_bytes_ = reinterpret_cast<uintptr_t>(shared.base) + shared.bytes - shared_begin_;
    auto known = shared_regions_.find(shared.base);
    if (known == shared_regions_.end()) {
        known = shared_regions_.emplace(shared.base, ShadowRegion(shared_begin_, shared_bytes_)).first;
    }
    shared_ = &known->second;
    dynamic_begin_ = reinterpret_cast<uintptr_t>(shared.dynamic);
    dynamic_bytes_ = runner.launch().dynamic_shared;
    epochs_.assign((runner.launch().threads() + WARP_SIZE - 1) / WARP_SIZE, 0);
    launch_begin_ = ++now_;
    order_.begin_launch();
}

// A time before the first stretch of the block is in the block, too: what is ordered with everything is dated so.
void Checker::begin_block(size_t block) {
    block_begin_ = ++now_;
    now_++;
    order_.begin_block(block, block_begin_);
    active_ = true;
}

void Checker::warp_collective_passed(unsigned warp, unsigned running_thread) {
    epochs_[warp]++;
    thread_runs(running_thread);
}

// ---- other kinds of access

// Atomics of different threads do not clash with each other, but with plain accesses they do.
void Checker::access_atomic(const void* address, size_t bytes, const void* pc) {
    if (!active_) {
        return;
    }
    Access access{reinterpret_cast<uintptr_t>(address), bytes, true, pc};
    ShadowRegion* region = check_place(access);
    if (!region) {
        return;
    }
    order_.atomic(access.address, now_, me_ & THREAD_BITS);
    Time floor = floor_of(region);
    size_t count = region->cells_for(bytes);
    Cell* cell = region->at(access.address);
    for (size_t i = 0; i < count; i++, cell++) {
        if (cell->written < floor || !(cell->writer & ATOMIC)) {
            check_read(access, *cell, floor);
        }
        if (clashes_with_readers(*cell, floor)) {
            fail_race(access, "read", cell->read, cell->reader);
        }
        *cell = {now_, me_ | ATOMIC, NEVER, 0};
    }
}

void Checker::copy_started(const void* shared, size_t bytes, const void* global, size_t present, const void* pc) {
    for (size_t i = 0; i < present; i += 4) {
        access(static_cast<const char*>(global) + i, std::min<size_t>(4, present - i), false, pc);
    }
    for (size_t i = 0; i < bytes; i += 4) {
        access(static_cast<const char*>(shared) + i, 4, true, pc);
    }
    date(shared, bytes, NEVER);
}

void Checker::bulk_landed(const void* shared, size_t bytes) {
    date(shared, bytes, block_begin_);
}

/** As if the shared memory had been written at that time, by nobody in particular. */
void Checker::date(const void* shared, size_t bytes, Time time) {
    uintptr_t address = reinterpret_cast<uintptr_t>(shared);
    for (Cell* cell = shared_->first(address); cell < shared_->last(address, bytes); cell++) {
        *cell = {time, 0, NEVER, 0};
    }
}

// ---- what is wrong, in words

/** Local memory of the thread itself and constants are neither shared nor global, and need no check. */
bool Checker::is_other_memory(const Access& access) const {
    const void* address = reinterpret_cast<const void*>(access.address);
    return runner_->is_local(address) || runner_->library().contains(address);
}

void Checker::fail_outside(const Access& access) {
    fail(ILLEGAL_ADDRESS, access, "out of bounds");
}

void Checker::fail_misaligned(const Access& access) {
    fail(MISALIGNED_ADDRESS, access, text("misaligned: the address must be a multiple of %zu", access.bytes));
}

void Checker::fail_unwritten(const Access& access) {
    fail(LAUNCH_FAILED, access, "uninitialised: nothing has been written there yet");
}

void Checker::fail_race(const Access& access, const char* other_access, Time then, Who who) {
    fail(LAUNCH_FAILED, access,
         text("race with the %s by %s", other_access,
              then < block_begin_ || (who & OTHER_BLOCK)
                  ? ("another block of the launch" + describe_block(then)).c_str()
                  : (describe_thread(who) + " of the same block: no barrier lies between them").c_str()));
}

void Checker::fail(Fault fault, const Access& access, const std::string& why) {
    const char* pc = static_cast<const char*>(access.pc) - 1;  // a return address is that of the next instruction
    report("%s at %s: %s of %zu bytes, %s: %s", runner_->where().c_str(), source_line(pc).c_str(),
           access.writes ? "write" : "read", access.bytes, describe(access.address).c_str(), why.c_str());
    runner_->fail(fault);
}

std::string Checker::describe(uintptr_t address) const {
    if (address - shared_begin_ >= shared_bytes_) {
        return device_memory().describe(address);
    }
    if (address - dynamic_begin_ < MAX_DYNAMIC_SHARED) {
        return text("%zu bytes into dynamic shared memory (%zu bytes)", address - dynamic_begin_, dynamic_bytes_);
    }
    return runner_->library().describe_shared(address - reinterpret_cast<uintptr_t>(runner_->shared().base));
}

std::string Checker::describe_thread(Who who) const {
    dim3 block = runner_->launch().block;
    unsigned i = who & THREAD_BITS;
    return text("thread (%u,%u,%u)", i % block.x, i / block.x % block.y, i / block.x / block.y);
}

std::string Checker::describe_block(Time then) const {
    if (then < launch_begin_ || then >= block_begin_) {
        return "";
    }
    dim3 grid = runner_->launch().grid;
    size_t i = order_.block_at(then);
    return text(", (%zu,%zu,%zu)", i % grid.x, i / grid.x % grid.y, i / grid.x / grid.y);
}

}  // namespace emulator
