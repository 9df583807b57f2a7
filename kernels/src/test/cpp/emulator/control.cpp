// What tests say to the emulated device and ask of it. These functions are not part of CUDA; Java reaches them by JNA.
#include <string>

#include "counting/counters.h"
#include "driver/context.h"
#include "driver/entry.h"
#include "execution/kernel_library.h"
#include "report.h"
#include "settings.h"

#define CONTROL extern "C" __attribute__((visibility("default")))

using namespace emulator;

namespace {

/** Answers live until the next one on the same thread. */
const char* answer(const std::string& text) {
    static thread_local std::string last;
    last = text;
    return last.c_str();
}

}  // namespace

/** Settings as in RAPTOR_EMULATOR; "" or what is wrong with them. */
CONTROL const char* emu_configure(const char* words) {
    return answer(configure(words));
}

CONTROL void emu_reset_counters();

/** As if the process had just started: no context, no allocation, no planted failure, settings of the environment. */
CONTROL void emu_reset() {
    reset_contexts();
    clear_planted_failures();
    emu_reset_counters();
    clear_report();
    restore_settings();
}

/** The first report since the last reset or clear, or "". */
CONTROL const char* emu_report() {
    return answer(kept_report());
}

CONTROL void emu_clear_report() {
    clear_report();
}

/** Call number `nth` of the function from now on returns `result` instead of doing anything. */
CONTROL void emu_plant_failure(const char* function, unsigned nth, int result) {
    plant_failure(function, nth, static_cast<CUresult>(result));
}

/** Every context dies of this error, until emu_reset. */
CONTROL void emu_lose_contexts(int result) {
    lose_contexts(static_cast<CUresult>(result));
}

/** Loads the kernel libraries of one more folder; "" or what is wrong. */
CONTROL const char* emu_load_kernels(const char* folder) {
    return answer(load_kernels(folder));
}

/** The least PTX that names a kernel of the host build with its parameters, for kernels that were not compiled to PTX. */
CONTROL const char* emu_image(const char* name) {
    const Kernel* kernel = find_kernel(name);
    if (!kernel) {
        return nullptr;
    }
    std::string parameters;
    for (int i = 0; i < kernel->parameter_count; i++) {
        parameters += text("%s.param .b8 %s_param_%d[%u]", i ? ", " : "", name, i, kernel->parameter_sizes[i]);
    }
    return answer(text(".version 7.0\n.target sm_80\n.address_size 64\n.visible .entry %s(%s)\n{\n}\n", name,
                       parameters.c_str()));
}

/** How often each function of the driver API was called, as JSON. */
CONTROL const char* emu_calls() {
    return answer(calls_as_json());
}

/** What each kernel cost since the last reset, as JSON; see counting/counters.h. Counted builds know all of it. */
CONTROL const char* emu_counters() {
    return answer(counters_as_json());
}

/** Forgets calls and counters. */
CONTROL void emu_reset_counters() {
    reset_calls();
    reset_counters();
}
