#include "driver/pinned.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "execution/shared_memory.h"
#include "report.h"

namespace emulator {

namespace {

constexpr size_t PAGE = 4096;

struct Range {
    size_t bytes;
    bool owned;
};

std::mutex mutex;
std::map<const char*, Range> ranges;

bool remove(void* address, bool owned) {
    std::lock_guard<std::mutex> lock(mutex);
    auto found = ranges.find(static_cast<const char*>(address));
    if (found == ranges.end() || found->second.owned != owned) {
        report("%p is no pinned host memory that was %s", address, owned ? "allocated" : "registered");
        return false;
    }
    ranges.erase(found);
    return true;
}

}  // namespace

void* allocate_pinned(size_t bytes) {
    void* address = aligned_alloc(PAGE, (bytes + PAGE - 1) / PAGE * PAGE);
    if (address) {
        memset(address, POISON, bytes);
        std::lock_guard<std::mutex> lock(mutex);
        ranges[static_cast<char*>(address)] = {bytes, true};
    }
    return address;
}

bool free_pinned(void* address) {
    bool known = remove(address, true);
    if (known) {
        free(address);
    }
    return known;
}

void register_pinned(void* address, size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex);
    ranges[static_cast<char*>(address)] = {bytes, false};
}

bool unregister_pinned(void* address) {
    return remove(address, false);
}

bool is_pinned(const void* address, size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex);
    const char* start = static_cast<const char*>(address);
    auto above = ranges.upper_bound(start);
    if (above == ranges.begin()) {
        return false;
    }
    const auto& [base, range] = *std::prev(above);
    return start + bytes <= base + range.bytes;
}

}  // namespace emulator
