#include "execution/block.h"

#include "checking/checker.h"
#include "counting/requests.h"
#include "mode.h"
#include "report.h"

__thread emulator::DeviceThread* emu_thread = nullptr;

namespace emulator {

__thread BlockRunner* current_runner = nullptr;

BlockRunner::BlockRunner() : pool_(fiber_entry) {}

void BlockRunner::begin(const Launch& launch) {
    launch_ = &launch;
    library_ = &library_of(*launch.kernel);
    shared_ = SharedMemory::of(*launch.kernel);
    order_ = settings().order;
    unsigned threads = launch.threads();
    unsigned warps = (threads + WARP_SIZE - 1) / WARP_SIZE;
    threads_.resize(threads);
    start_order_.resize(threads);
    collectives_.resize(warps);
    finished_lanes_.resize(warps);
    async_copies_.resize(threads);
    pending_products_.resize(threads);
    watch_launch();
}

// ---- what the checker and the counters are told

void BlockRunner::watch_launch() {
    checked_ = mode() == Mode::CHECKED;
    if (checked_) {
        checker.begin_launch(*this);
    }
    if (mode() == Mode::COUNTED) {
        counters_ = &counters_of(launch_->kernel->name);
        request_counter.begin_launch(*counters_, reinterpret_cast<uintptr_t>(shared_.base), shared_.bytes);
    }
}

void BlockRunner::watch_block(size_t block) {
    if (checked_) {
        checker.begin_block(block);
    }
    if (counters_) {
        counters_->blocks++;
        counters_->threads += threads_.size();
        request_counter.begin_block(static_cast<unsigned>(threads_.size()));
    }
}

void BlockRunner::watch_end_of_block() {
    checker.end_block();
    request_counter.end_block();
}

void BlockRunner::watch_barrier() {
    if (checked_) {
        checker.barrier_passed();
    }
    if (counters_) {
        counters_->barriers++;
    }
}

void BlockRunner::watch_barrier_in_memory() {
    if (checked_) {
        checker.barrier_passed();
    }
}

void BlockRunner::watch_collective() {
    if (checked_) {
        checker.warp_collective_passed(emu_thread->warp, emu_thread->index);
    }
    if (counters_) {
        counters_->collectives++;
    }
}

// ---- one block

Fault BlockRunner::run(size_t block) {
    shared_.poison(launch_->dynamic_shared);
    shuffler_.seed(settings().seed * 1000003 + launch_->number * 7919 + block);
    place_threads(block);
    next_ = 0;
    alive_ = threads_.size();
    switches_left_ = settings().switch_limit;
    fault_ = NO_FAULT;
    stop_asked_ = false;
    watch_block(block);
    if (sigsetjmp(landing_, 0) == 0) {
        in_kernel_ = true;
        leave();
    }
    in_kernel_ = false;
    watch_end_of_block();
    if (fault_ != NO_FAULT) {
        pool_.abandon_all();
        current_ = &main_;
        ready_.clear();
        ready_head_ = 0;
        at_barrier_.clear();
        named_.clear();
        for (auto& pending : collectives_) {
            pending.clear();
        }
    }
    return fault_;
}

void BlockRunner::place_threads(size_t block) {
    dim3 grid = launch_->grid;
    dim3 size = launch_->block;
    uint3 block_idx{static_cast<unsigned>(block % grid.x), static_cast<unsigned>(block / grid.x % grid.y),
                    static_cast<unsigned>(block / grid.x / grid.y)};
    for (unsigned i = 0; i < threads_.size(); i++) {
        uint3 thread_idx{i % size.x, i / size.x % size.y, i / size.x / size.y};
        threads_[i] = {thread_idx, block_idx, size, grid, i, i % WARP_SIZE, i / WARP_SIZE};
        start_order_[i] = i;
    }
    shuffler_.arrange(order_, start_order_);
    finished_lanes_.assign(finished_lanes_.size(), 0);
    for (unsigned i = 0; i < threads_.size(); i++) {
        async_copies_[i].clear();
        pending_products_[i].clear();
    }
    bulk_copies_.clear();
}

// ---- device threads on fibers

void BlockRunner::fiber_entry() {
    current_runner->run_threads();
}

// Every fiber runs this loop: as long as no thread blocks, one stack carries them all.
void BlockRunner::run_threads() {
    for (;;) {
        while (next_ < start_order_.size()) {
            start_thread(start_order_[next_++]);
            launch_->kernel->call(launch_->parameters);
            finish_thread();
            if (ready_head_ < ready_.size()) {
                break;
            }
        }
        pool_.give_back(current_);
        leave();
    }
}

void BlockRunner::start_thread(unsigned index) {
    current_->thread = static_cast<int>(index);
    thread_runs(index);
}

void BlockRunner::thread_runs(unsigned index) {
    emu_thread = &threads_[index];
    if (checked_) {
        checker.thread_runs(index);
    }
}

// Since Volta a barrier waits for the threads that have not exited: an exit may be what it was waiting for.
void BlockRunner::finish_thread() {
    DeviceThread& thread = threads_[static_cast<size_t>(current_->thread)];
    finished_lanes_[thread.warp] |= 1u << thread.lane;
    current_->thread = -1;
    alive_--;
    if (!at_barrier_.empty() && at_barrier_.size() == alive_) {
        release_barrier();
    }
}

// ---- scheduling

void BlockRunner::leave() {
    check_for_stop();
    if (ready_head_ < ready_.size()) {
        Fiber* fiber = ready_[ready_head_++];
        if (ready_head_ == ready_.size()) {
            ready_.clear();
            ready_head_ = 0;
        }
        go(fiber);
    } else if (next_ < start_order_.size()) {
        go(pool_.take());
    } else if (alive_ > 0) {
        fail_deadlock();
    } else {
        go(&main_);
    }
}

void BlockRunner::go(Fiber* fiber) {
    if (fiber == current_) {
        return;
    }
    Fiber* left = current_;
    current_ = fiber;
    if (fiber->thread >= 0) {
        thread_runs(static_cast<unsigned>(fiber->thread));
    }
    switch_fiber(*left, *fiber);
}

void BlockRunner::wake(std::vector<Fiber*>& waiting) {
    shuffler_.arrange(order_, waiting);
    ready_.insert(ready_.end(), waiting.begin(), waiting.end());
    waiting.clear();
}

// The lanes that a collective releases come last, as after a barrier, or (in random order, every other time) first: then
// their warp runs ahead of the others, which shows where those relied on its being slow.
void BlockRunner::wake_lanes(std::vector<Fiber*>& waiting) {
    if (order_ != Order::RANDOM || shuffler_.below(2) == 0) {
        wake(waiting);
        return;
    }
    shuffler_.arrange(order_, waiting);
    ready_.insert(ready_.begin() + static_cast<ptrdiff_t>(ready_head_), waiting.begin(), waiting.end());
    waiting.clear();
}

// A thread that waits for a value others will write must let them start first, or it would only ever meet itself.
void BlockRunner::yield() {
    ready_.push_back(current_);
    check_for_stop();
    if (next_ < start_order_.size()) {
        go(pool_.take());
    } else {
        leave();
    }
}

void BlockRunner::check_for_stop() {
    if (switches_left_-- == 0) {
        report("%s: more than %llu changes of thread in one block: a loop that waits for something that never comes?",
               where().c_str(), static_cast<unsigned long long>(settings().switch_limit));
        fail(LAUNCH_TIMEOUT);
    }
    if (stop_asked_) {
        report("%s: the block ran longer than %u s: an endless loop?", where().c_str(), settings().watchdog_seconds);
        fail(LAUNCH_TIMEOUT);
    }
}

// ---- failures

void BlockRunner::fail(Fault fault) {
    fault_ = fault;
    Fiber abandoned;
    Fiber* left = &abandoned;
    current_ = &main_;
    switch_fiber(*left, main_);
    __builtin_unreachable();
}

void BlockRunner::fail_from_signal(Fault fault) {
    fault_ = fault;
    in_kernel_ = false;
    siglongjmp(landing_, 1);
}

std::string BlockRunner::where() const {
    const DeviceThread& t = *emu_thread;
    return text("kernel %s, block (%u,%u,%u), thread (%u,%u,%u)", launch_->kernel->name, t.block_idx.x, t.block_idx.y,
                t.block_idx.z, t.thread_idx.x, t.thread_idx.y, t.thread_idx.z);
}

}  // namespace emulator
