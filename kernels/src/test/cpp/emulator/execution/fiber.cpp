#include "execution/fiber.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>

#include "report.h"

#if !defined(__x86_64__) || !defined(__linux__)
#error "The emulated device switches stacks by hand, on x86-64 Linux only."
#endif

// The System V ABI lets a call destroy everything but rbx, rbp, r12 to r15 and the stack pointer: saving these seven is
// a whole context switch. swapcontext does the same with two system calls on top, and takes 15 times as long.
extern "C" void emu_switch_stack(void** save, void* restore);

asm(R"(
    .text
    .globl emu_switch_stack
    .hidden emu_switch_stack
    .type emu_switch_stack, @function
emu_switch_stack:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size emu_switch_stack, . - emu_switch_stack
)");

namespace emulator {

namespace {

constexpr size_t GUARD_BYTES = 4096;
constexpr int SAVED_REGISTERS = 6;

// Stacks lie 256 KiB apart, so equal depths would share a few cache sets: each top is moved by its own multiple of a line.
constexpr size_t CACHE_LINE = 64;
constexpr size_t COLOURS = 61;

}  // namespace

void switch_fiber(Fiber& from, Fiber& to) {
    emu_switch_stack(&from.stack_pointer, to.stack_pointer);
}

FiberPool::~FiberPool() {
    for (Fiber* fiber : all_) {
        munmap(fiber->stack - GUARD_BYTES, STACK_BYTES + GUARD_BYTES);
        delete fiber;
    }
}

Fiber* FiberPool::take() {
    if (free_.empty()) {
        return create();
    }
    Fiber* fiber = free_.back();
    free_.pop_back();
    return fiber;
}

Fiber* FiberPool::create() {
    void* memory = mmap(nullptr, STACK_BYTES + GUARD_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) {
        fatal("no memory for the stack of a device thread");
    }
    mprotect(memory, GUARD_BYTES, PROT_NONE);
    Fiber* fiber = new Fiber;
    fiber->stack = static_cast<char*>(memory) + GUARD_BYTES;
    all_.push_back(fiber);
    reset(fiber);
    return fiber;
}

// Lays the stack out as emu_switch_stack leaves one: six registers, then the address it returns to. The entry finds its
// stack pointer 8 below a multiple of 16, as after a call.
void FiberPool::reset(Fiber* fiber) {
    size_t colour = (reinterpret_cast<uintptr_t>(fiber->stack) / GUARD_BYTES) % COLOURS;
    uintptr_t top = reinterpret_cast<uintptr_t>(fiber->stack) + STACK_BYTES - colour * CACHE_LINE;
    void** slot = reinterpret_cast<void**>(top & ~uintptr_t{15});
    *--slot = nullptr;
    *--slot = reinterpret_cast<void*>(entry_);
    for (int i = 0; i < SAVED_REGISTERS; i++) {
        *--slot = nullptr;
    }
    fiber->stack_pointer = slot;
    fiber->thread = -1;
}

void FiberPool::abandon_all() {
    free_ = all_;
    for (Fiber* fiber : all_) {
        reset(fiber);
    }
}

bool FiberPool::is_guard(const void* address) const {
    const char* p = static_cast<const char*>(address);
    return std::any_of(all_.begin(), all_.end(),
                       [p](const Fiber* f) { return p < f->stack && p >= f->stack - GUARD_BYTES; });
}

}  // namespace emulator
