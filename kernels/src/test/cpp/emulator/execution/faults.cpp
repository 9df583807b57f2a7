#include "execution/faults.h"

#include <signal.h>
#include <ucontext.h>

#include <cstdlib>
#include <mutex>

#include "execution/block.h"
#include "memory/device_memory.h"
#include "report.h"
#include "source_lines.h"

namespace emulator {

namespace {

constexpr int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
constexpr size_t HANDLER_STACK_BYTES = 256 << 10;

struct sigaction former[NSIG];

void* program_counter(void* context) {
    return reinterpret_cast<void*>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
}

/** The former owner handles it as if this library were not there. */
void pass_on(int signal, siginfo_t* info, void* context) {
    const struct sigaction& owner = former[signal];
    if (owner.sa_flags & SA_SIGINFO) {
        owner.sa_sigaction(signal, info, context);
    } else if (owner.sa_handler == SIG_DFL) {
        sigaction(signal, &owner, nullptr);  // the instruction faults again, and the default ends the process
    } else if (owner.sa_handler != SIG_IGN) {
        owner.sa_handler(signal);
    }
}

Fault describe_fault(BlockRunner& runner, int signal, siginfo_t* info, void* pc) {
    std::string where = runner.where() + " at " + source_line(pc);
    switch (signal) {
        case SIGFPE:
            report("%s: integer division by zero", where.c_str());
            return LAUNCH_FAILED;
        case SIGILL:
            report("%s: trap", where.c_str());
            return LAUNCH_FAILED;
        default:
            break;
    }
    if (runner.overflows_stack(info->si_addr)) {
        report("%s: more than %zu KiB of local memory", where.c_str(), STACK_BYTES >> 10);
        return LAUNCH_FAILED;
    }
    // The processor gives no address for a misaligned vector access, nor for one that is no address at all.
    if (info->si_code == SI_KERNEL) {
        report("%s: misaligned vector access, or an address out of all bounds", where.c_str());
        return MISALIGNED_ADDRESS;
    }
    report("%s: invalid address %p, %s", where.c_str(), info->si_addr,
           device_memory().describe(reinterpret_cast<uintptr_t>(info->si_addr)).c_str());
    return ILLEGAL_ADDRESS;
}

void on_fault(int signal, siginfo_t* info, void* context) {
    BlockRunner* runner = current_runner;
    if (!runner || !runner->is_in_kernel()) {
        pass_on(signal, info, context);
        return;
    }
    runner->fail_from_signal(describe_fault(*runner, signal, info, program_counter(context)));
}

// Inside the kernel's own code nothing is held, and the block can be left at once. Elsewhere (in the emulator, in the C
// library) it is only asked to stop: the signal comes again.
void on_watchdog(int, siginfo_t*, void* context) {
    BlockRunner* runner = current_runner;
    if (!runner || !runner->is_in_kernel()) {
        return;
    }
    if (!runner->is_kernel_code(program_counter(context))) {
        runner->ask_to_stop();
        return;
    }
    report("%s at %s: the block ran longer than %u s: an endless loop?", runner->where().c_str(),
           source_line(program_counter(context)).c_str(), settings().watchdog_seconds);
    runner->fail_from_signal(LAUNCH_TIMEOUT);
}

void handle(int signal, void (*handler)(int, siginfo_t*, void*), struct sigaction* old) {
    struct sigaction action {};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
    sigaction(signal, &action, old);
}

}  // namespace

int watchdog_signal() {
    return SIGRTMIN + 7;
}

void install_fault_handlers() {
    static std::once_flag once;
    std::call_once(once, [] {
        for (int signal : SIGNALS) {
            handle(signal, on_fault, &former[signal]);
        }
        handle(watchdog_signal(), on_watchdog, nullptr);
    });
}

void prepare_worker_for_faults() {
    stack_t stack{};
    stack.ss_size = HANDLER_STACK_BYTES;
    stack.ss_sp = malloc(stack.ss_size);
    sigaltstack(&stack, nullptr);
}

}  // namespace emulator
