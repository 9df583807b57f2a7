// What can be chosen about the emulated device, from the environment variable RAPTOR_EMULATOR or emu_configure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace emulator {

enum class Order { FORWARD, REVERSE, RANDOM };

struct Settings {
    Order order = Order::RANDOM;       // order=forward|reverse|random: of threads and of blocks
    uint64_t seed = 1;                 // seed=N: of the random order
    unsigned workers = 0;              // workers=N: OS threads that run blocks; 0: one per core
    bool deferred = false;             // deferred=on: work of a stream runs when the host waits for it, not before
    bool pageable = false;             // pageable=on: asynchronous copies may name memory that is not pinned
    bool quiet = false;                // quiet=on: reports are not printed
    bool guard_end = true;             // guard=end|begin: which end of an allocation lies at a page that faults
    unsigned devices = 1;              // devices=0: a driver without a device
    size_t memory = size_t{4} << 30;   // memory=BYTES, with k, m or g: of the device
    int capability = 90;               // capability=90: 10 * major + minor
    int driver = 12060;                // driver=12060: 1000 * major + 10 * minor
    unsigned watchdog_seconds = 60;    // watchdog=SECONDS: a block that runs longer is ended
    uint64_t switch_limit = 100000000; // switches=N: changes of thread after which a block is taken to spin
};

/** The settings in force. Change them between launches only. */
Settings& settings();

/** Takes settings as "order=reverse seed=3 deferred=on"; answers with what is wrong, or "". */
std::string configure(const std::string& words);

/** Back to the defaults and the environment variable. */
void restore_settings();

}  // namespace emulator
