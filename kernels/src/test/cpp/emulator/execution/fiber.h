// Fibers: stacks that a device thread can be left on and come back to.
#pragma once

#include <cstddef>
#include <vector>

namespace emulator {

/** One stack, and the place where it was left. */
struct Fiber {
    void* stack_pointer = nullptr;
    char* stack = nullptr;  // lowest usable address; null for the worker's own stack
    int thread = -1;        // index of the device thread that it carries, or -1
};

constexpr size_t STACK_BYTES = 256 << 10;

/** Leaves `from` here and goes on where `to` was left. */
void switch_fiber(Fiber& from, Fiber& to);

/**
 * The stacks of one worker. A guard page below each turns an overflow into a fault. `entry` runs on a fresh stack and
 * never returns.
 */
class FiberPool {
public:
    explicit FiberPool(void (*entry)()) : entry_(entry) {}
    ~FiberPool();
    FiberPool(const FiberPool&) = delete;

    Fiber* take();
    void give_back(Fiber* fiber) { free_.push_back(fiber); }

    /** Forgets what is on every stack: all fibers are free and start anew. For blocks that failed. */
    void abandon_all();

    /** Whether the address lies in the page below a stack. */
    bool is_guard(const void* address) const;

private:
    Fiber* create();
    void reset(Fiber* fiber);

    void (*entry_)();
    std::vector<Fiber*> all_;
    std::vector<Fiber*> free_;
};

}  // namespace emulator
