// Signals that a kernel causes become errors of its launch; all others go to whoever had the signal before (the JVM).
#pragma once

namespace emulator {

/** Installs the handlers, once. */
void install_fault_handlers();

/** Gives this OS thread a stack of its own for handlers: that of a fiber may be what overflowed. */
void prepare_worker_for_faults();

/** The signal that tells a worker to end its block. */
int watchdog_signal();

}  // namespace emulator
