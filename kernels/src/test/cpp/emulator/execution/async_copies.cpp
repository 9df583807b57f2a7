#include "execution/async_copies.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "checking/checker.h"
#include "counting/requests.h"
#include "execution/block.h"
#include "report.h"

namespace emulator {

void AsyncCopies::land(const Copy& copy) {
    checker.copy_landed(copy.shared, copy.bytes, copy.pc);
    char* target = static_cast<char*>(copy.shared);
    memcpy(target, copy.global, copy.present);
    memset(target + copy.present, 0, copy.bytes - copy.present);
}

void AsyncCopies::wait(size_t pending) {
    if (groups_.size() <= pending) {
        return;
    }
    auto first_left = groups_.end() - static_cast<ptrdiff_t>(pending);
    size_t count = std::accumulate(groups_.begin(), first_left, size_t{0});
    auto end = copies_.begin() + static_cast<ptrdiff_t>(count);
    std::for_each(copies_.begin(), end, land);
    copies_.erase(copies_.begin(), end);
    groups_.erase(groups_.begin(), first_left);
}

}  // namespace emulator

using emulator::current_runner;

namespace {

/** A copy reads whole words of its source and writes its whole target. */
void count_copy(void* shared, const void* global, unsigned bytes, unsigned present, const void* pc) {
    if (present > 0) {
        emulator::request_counter.access(global, present, false, pc);
    }
    emulator::request_counter.access(shared, bytes, true, pc);
}

}  // namespace

unsigned emu_shared_address(const void* variable) {
    return static_cast<unsigned>(static_cast<const char*>(variable) - current_runner->shared().base);
}

void emu_copy_async(void* shared, const void* global, unsigned bytes, unsigned present, const void* pc) {
    if ((reinterpret_cast<uintptr_t>(shared) | reinterpret_cast<uintptr_t>(global)) % bytes != 0) {
        emulator::report("%s: cp.async of %u bytes from %p to shared address %u: both must be multiples of %u",
                         current_runner->where().c_str(), bytes, global, emu_shared_address(shared), bytes);
        current_runner->fail(emulator::MISALIGNED_ADDRESS);
    }
    emulator::checker.copy_started(shared, bytes, global, present, pc);
    if (emulator::request_counter.is_active()) {
        count_copy(shared, global, bytes, present, pc);
    }
    memset(shared, emulator::POISON, bytes);
    current_runner->async_copies().start({shared, global, bytes, present, pc});
}

void emu_copy_async_commit() {
    current_runner->async_copies().commit();
}

void emu_copy_async_wait(int pending) {
    current_runner->async_copies().wait(static_cast<size_t>(pending));
}
