#include "execution/async_copies.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "checking/hooks.h"
#include "execution/block.h"
#include "report.h"

namespace emulator {

void AsyncCopies::land(const Copy& copy) {
    note_copy_landed(copy.shared, copy.bytes, copy.pc);
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

unsigned emu_shared_address(const void* variable) {
    return static_cast<unsigned>(static_cast<const char*>(variable) - current_runner->shared().base);
}

void emu_copy_async(void* shared, const void* global, unsigned bytes, unsigned present, const void* pc) {
    if ((reinterpret_cast<uintptr_t>(shared) | reinterpret_cast<uintptr_t>(global)) % bytes != 0) {
        emulator::report("%s: cp.async of %u bytes from %p to shared address %u: both must be multiples of %u",
                         current_runner->where().c_str(), bytes, global, emu_shared_address(shared), bytes);
        current_runner->fail(emulator::MISALIGNED_ADDRESS);
    }
    emulator::note_copy_started(shared, bytes, global, present, pc);
    memset(shared, emulator::POISON, bytes);
    current_runner->async_copies().start({shared, global, bytes, present, pc});
}

void emu_copy_async_commit() {
    current_runner->async_copies().commit();
}

void emu_copy_async_wait(int pending) {
    current_runner->async_copies().wait(static_cast<size_t>(pending));
}
