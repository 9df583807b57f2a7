#include "memory/device_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "checking/shadow.h"
#include "execution/shared_memory.h"
#include "mode.h"
#include "report.h"
#include "settings.h"

namespace emulator {

namespace {

constexpr size_t PAGE = 4096;
constexpr size_t FREED_NAMED = 1 << 16;

// What is aligned to less cannot be loaded as float4. The hardware gives 256; then an overrun would meet no guard page.
constexpr size_t GUARDED_ALIGNMENT = 16;

size_t round_up(size_t bytes, size_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

}  // namespace

DeviceMemory& device_memory() {
    static DeviceMemory* memory = new DeviceMemory;
    return *memory;
}

// Address space costs nothing until it is used; where a limit forbids so much, less will do.
DeviceMemory::DeviceMemory() {
    for (bytes_ = size_t{1} << 40; bytes_ >= size_t{1} << 32; bytes_ /= 4) {
        void* memory = mmap(nullptr, bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory != MAP_FAILED) {
            begin_ = next_ = reinterpret_cast<uintptr_t>(memory);
            return;
        }
    }
    fatal("cannot reserve 4 GiB of address space for the memory of the device: is there a limit (ulimit -v)?");
}

uintptr_t DeviceMemory::allocate(size_t bytes, const void* owner) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (bytes > settings().memory - std::min(used_, settings().memory)) {
        return 0;
    }
    size_t page_bytes = round_up(bytes, PAGE);
    uintptr_t pages = take_pages(page_bytes);
    if (!pages || mprotect(reinterpret_cast<void*>(pages), page_bytes, PROT_READ | PROT_WRITE) != 0) {
        return 0;
    }
    memset(reinterpret_cast<void*>(pages), POISON, page_bytes);
    size_t slack = mode() == Mode::PLAIN && settings().guard_end ? page_bytes - round_up(bytes, GUARDED_ALIGNMENT) : 0;
    uintptr_t address = pages + slack;
    live_[address] = {address, bytes, ++allocations_, pages, page_bytes, owner};
    used_ += bytes;
    shadow_allocated(address, bytes, pages, page_bytes);
    return address;
}

/** Pages between two that fault. At the end of the stretch it starts over, where nothing lives any more. */
uintptr_t DeviceMemory::take_pages(size_t bytes) {
    size_t needed = bytes + PAGE;
    if (next_ + needed + PAGE > begin_ + bytes_) {
        next_ = begin_;
    }
    for (auto above = live_.lower_bound(next_); above != live_.end(); ++above) {
        if (above->second.pages >= next_ + needed + PAGE) {
            break;
        }
        next_ = above->second.pages + above->second.page_bytes;
        if (next_ + needed + PAGE > begin_ + bytes_) {
            return 0;
        }
    }
    uintptr_t pages = next_ + PAGE;
    next_ = pages + bytes;
    return pages;
}

/** Whether the rest of the last page holds something else than poison: too close for the guard page to see. */
static bool is_overrun(const Allocation& a) {
    const unsigned char* end = reinterpret_cast<unsigned char*>(a.pages + a.page_bytes);
    const unsigned char* rest = reinterpret_cast<unsigned char*>(a.address + a.bytes);
    return !std::all_of(rest, end, [](unsigned char byte) { return byte == POISON; });
}

void DeviceMemory::drop(const Allocation& allocation) {
    void* pages = reinterpret_cast<void*>(allocation.pages);
    mprotect(pages, allocation.page_bytes, PROT_NONE);
    madvise(pages, allocation.page_bytes, MADV_DONTNEED);
    shadow_freed(allocation.pages, allocation.page_bytes);
    used_ -= allocation.bytes;
    if (freed_.emplace(allocation.address, allocation).second) {
        freed_order_.push_back(allocation.address);
    }
    if (freed_order_.size() > FREED_NAMED) {
        freed_.erase(freed_order_.front());
        freed_order_.pop_front();
    }
}

bool DeviceMemory::release(uintptr_t address) {
    std::string wrong = try_release(address);
    if (!wrong.empty()) {
        report("free of %p: %s", reinterpret_cast<void*>(address), wrong.c_str());
    }
    return wrong.empty();
}

/** "" or why not. */
std::string DeviceMemory::try_release(uintptr_t address) {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        auto found = live_.find(address);
        if (found != live_.end()) {
            Allocation allocation = found->second;
            bool overrun = is_overrun(allocation);
            drop(allocation);
            live_.erase(found);
            return overrun ? text("a kernel has written past the end of allocation #%llu (%zu bytes)",
                                  static_cast<unsigned long long>(allocation.number), allocation.bytes)
                           : "";
        }
    }
    return describe(address);
}

void DeviceMemory::release_all(const void* owner) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto i = live_.begin(); i != live_.end();) {
        if (i->second.owner == owner) {
            drop(i->second);
            i = live_.erase(i);
        } else {
            ++i;
        }
    }
}

bool DeviceMemory::holds(uintptr_t address, size_t bytes) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto above = live_.upper_bound(address);
    return above != live_.begin() && std::prev(above)->second.contains(address, bytes);
}

namespace {

std::string relative_to(const Allocation& a, uintptr_t address, const char* state) {
    std::string name = text("%sallocation #%llu (%zu bytes)", state, static_cast<unsigned long long>(a.number), a.bytes);
    if (address < a.address) {
        return text("%zu bytes before ", a.address - address) + name;
    }
    if (address >= a.address + a.bytes) {
        size_t past = address - a.address - a.bytes;
        return (past ? text("%zu bytes past the end of ", past) : "right past the end of ") + name;
    }
    return text("%zu bytes into ", address - a.address) + name;
}

/** The allocation of the map that the address lies in or is nearest to. */
const Allocation* nearest(const std::map<uintptr_t, Allocation>& map, uintptr_t address) {
    auto above = map.upper_bound(address);
    const Allocation* next = above == map.end() ? nullptr : &above->second;
    const Allocation* previous = above == map.begin() ? nullptr : &std::prev(above)->second;
    if (!previous || !next) {
        return previous ? previous : next;
    }
    uintptr_t end = previous->address + previous->bytes;
    return address < end || address - end <= next->address - address ? previous : next;
}

}  // namespace

std::string DeviceMemory::describe(uintptr_t address) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!contains(reinterpret_cast<void*>(address))) {
        return "which is no device memory";
    }
    auto freed = freed_.upper_bound(address);
    if (freed != freed_.begin() && std::prev(freed)->second.contains(address, 1)) {
        return relative_to(std::prev(freed)->second, address, "freed ");
    }
    const Allocation* live = nearest(live_, address);
    return live ? relative_to(*live, address, "") : "which is no allocation";
}

size_t DeviceMemory::used() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return used_;
}

std::vector<Allocation> DeviceMemory::live() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<Allocation> all;
    for (auto& [address, allocation] : live_) {
        all.push_back(allocation);
    }
    return all;
}

}  // namespace emulator
