// Runs the threads of one block, one after the other, on one OS thread. A thread runs until it blocks at a barrier or a
// warp collective; then another goes on. A block without barriers needs no second stack.
#pragma once

#include <csetjmp>
#include <string>
#include <vector>

#include "counting/counters.h"
#include "device/abi.h"
#include "execution/async_copies.h"
#include "execution/bulk_copies.h"
#include "execution/fiber.h"
#include "execution/kernel_library.h"
#include "execution/launch.h"
#include "execution/matrix_units.h"
#include "execution/order.h"
#include "execution/shared_memory.h"

namespace emulator {

class BlockRunner {
public:
    BlockRunner();

    /** Makes ready for the blocks of a launch. */
    void begin(const Launch& launch);

    /** Runs one block. NO_FAULT, or what it died of; the report says why. */
    Fault run(size_t block);

    // ---- called by device threads
    void barrier(Site site);
    void named_barrier(int id, unsigned threads, Site site);
    void collective(unsigned mask, void* operands, CollectiveBody body, Site site);
    void yield();

    /** Ends the block: the calling thread and all others are left where they are. */
    [[noreturn]] void fail(Fault fault);

    /** As fail, out of a signal handler. */
    [[noreturn]] void fail_from_signal(Fault fault);

    /** Ends the block at the next change of thread; set by the watchdog's signal. */
    void ask_to_stop() { stop_asked_ = true; }

    bool is_in_kernel() const { return in_kernel_; }
    /** Whether the address is local memory of the device thread that runs now. */
    bool is_local(const void* address) const {
        return address >= current_->stack && address < current_->stack + STACK_BYTES;
    }
    bool overflows_stack(const void* address) const { return pool_.is_guard(address); }
    bool is_kernel_code(const void* address) const { return library_->contains_code(address); }
    const KernelLibrary& library() const { return *library_; }
    AsyncCopies& async_copies() { return async_copies_[emu_thread->index]; }
    PendingProducts& pending_products() { return pending_products_[emu_thread->index]; }
    BulkCopies& bulk_copies() { return bulk_copies_; }

    /** A thread has passed an mbarrier at which threads meet. To the checker that is a barrier of the block. */
    void watch_barrier_in_memory();

    const Launch& launch() const { return *launch_; }
    const SharedMemory& shared() const { return shared_; }

    /** "kernel layer_norm_forward, block (3,0,0), thread (17,0,0)": the device thread that runs now. */
    std::string where() const;

private:
    struct Collective {
        unsigned mask;
        unsigned arrived;
        Site site;
        void* operands[WARP_SIZE];
        Fiber* waiting[WARP_SIZE];
    };
    struct NamedBarrier {
        int id;
        unsigned threads;
        Site site;
        std::vector<Fiber*> waiting;
    };

    static void fiber_entry();
    void run_threads();
    void start_thread(unsigned index);
    void thread_runs(unsigned index);
    void finish_thread();
    void place_threads(size_t block);

    /** Leaves the current fiber for a ready one, for a thread not yet started, or for the end of the block. */
    void leave();
    void go(Fiber* fiber);
    void wake(std::vector<Fiber*>& waiting);
    void wake_lanes(std::vector<Fiber*>& waiting);
    void release_barrier();
    Collective& pending_collective(unsigned warp, unsigned mask, Site site);
    void complete(Collective& collective, CollectiveBody body);
    unsigned lanes_of(unsigned warp) const;

    // What the checker and the counters are told.
    void watch_launch();
    void watch_block(size_t block);
    void watch_end_of_block();
    void watch_barrier();
    void watch_collective();

    [[noreturn]] void fail_deadlock();
    void check_for_stop();
    std::string who_waits() const;

    FiberPool pool_;
    Fiber main_;  // the worker's own stack
    Fiber* current_ = &main_;
    std::vector<DeviceThread> threads_;
    std::vector<unsigned> start_order_;
    size_t next_ = 0;   // in start_order_: the first thread not yet started
    size_t alive_ = 0;  // threads not yet finished, started or not
    std::vector<Fiber*> ready_;
    size_t ready_head_ = 0;
    std::vector<Fiber*> at_barrier_;
    Site barrier_site_{};
    std::vector<NamedBarrier> named_;
    std::vector<std::vector<Collective>> collectives_;  // by warp: those that lanes wait in
    std::vector<Fiber*> other_lanes_;                   // scratch of complete
    std::vector<unsigned> finished_lanes_;              // by warp

    std::vector<AsyncCopies> async_copies_;             // by thread
    std::vector<PendingProducts> pending_products_;     // by thread
    BulkCopies bulk_copies_;

    const Launch* launch_ = nullptr;
    const KernelLibrary* library_ = nullptr;
    SharedMemory shared_;
    Order order_ = Order::FORWARD;
    Shuffler shuffler_;
    bool checked_ = false;
    KernelCounters* counters_ = nullptr;  // of the kernel, in counted builds
    uint64_t switches_left_ = 0;
    Fault fault_ = NO_FAULT;
    volatile bool in_kernel_ = false;
    volatile bool stop_asked_ = false;
    sigjmp_buf landing_;
};

/** The runner of this OS thread; null outside workers. */
extern __thread BlockRunner* current_runner __attribute__((tls_model("initial-exec")));

/** "file.cu:12" */
std::string describe(Site site);

}  // namespace emulator
