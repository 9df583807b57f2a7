// EMU_KERNEL(name), which build-emulator writes after the source of a kernel: tells the emulator its name, how to call
// it, and the size of each parameter. cuLaunchKernel is given addresses only and must copy the values behind them.
#pragma once

#include <type_traits>
#include <utility>

#include "abi.h"

namespace emulator {

template <auto Function>
struct KernelTraits;

template <class... Parameters, void (*Function)(Parameters...)>
struct KernelTraits<Function> {
    static constexpr int count = sizeof...(Parameters);
    static constexpr unsigned sizes[sizeof...(Parameters) + 1] = {sizeof(Parameters)..., 0};

    EMU_UNCHECKED static void call(void** values) { call_with(values, std::index_sequence_for<Parameters...>{}); }

private:
    template <size_t... I>
    EMU_UNCHECKED static void call_with([[maybe_unused]] void** values, std::index_sequence<I...>) {
        Function(*static_cast<std::remove_reference_t<Parameters>*>(values[I])...);
    }
};

}  // namespace emulator

// One byte that makes sure that a library has a thread-local segment, and says where.
static thread_local char emu_shared_anchor_byte;

EMU_UNCHECKED static void* emu_shared_anchor() {
    void* address = &emu_shared_anchor_byte;
    asm volatile("" : "+r"(address));
    return address;
}

// All extern __shared__ arrays of a file are one array, whatever they are called: EMU_DYNAMIC_SHARED, which comes first,
// gives it their names. A file without them has none.
__attribute__((weak, visibility("hidden"))) void* emu_dynamic_shared();

#define EMU_DYNAMIC_NAME(name) ".globl " #name "\n.hidden " #name "\n.type " #name ", @object\n" #name ":\n"
#define EMU_DYNAMIC_SHARED(names)                                                                   \
    asm(".section .tbss,\"awT\",@nobits\n.balign 1024\n" names EMU_DYNAMIC_NAME(emu_dynamic_array) \
        ".zero 232448\n.text\n");                                                                 \
    extern __thread char emu_dynamic_array[];                                                       \
    EMU_UNCHECKED void* emu_dynamic_shared() { return emu_dynamic_array; }

#define EMU_KERNEL(name)                                                                                     \
    static emulator::Kernel emu_kernel_##name{#name,                                                         \
                                              emulator::KernelTraits<&name>::call,                           \
                                              emulator::KernelTraits<&name>::count,                          \
                                              emulator::KernelTraits<&name>::sizes,                          \
                                              emu_shared_anchor,                                             \
                                              &emu_dynamic_shared};                                          \
    __attribute__((constructor)) static void emu_register_##name() { emu_register_kernel(&emu_kernel_##name); }
