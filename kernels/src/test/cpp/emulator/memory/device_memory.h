// The device's global memory: a stretch of address space in which every allocation has pages of its own, between pages
// that fault. Freed addresses fault too, and are not handed out again until the whole stretch has been used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace emulator {

struct Allocation {
    uintptr_t address;
    size_t bytes;
    uint64_t number;  // counts the allocations of this process
    uintptr_t pages;  // where its pages start
    size_t page_bytes;
    const void* owner;  // the context

    bool contains(uintptr_t start, size_t length) const {
        return start >= address && length <= bytes && start - address <= bytes - length;
    }
};

class DeviceMemory {
public:
    DeviceMemory();

    /** The address of fresh, poisoned memory; 0 if less is free. */
    uintptr_t allocate(size_t bytes, const void* owner);

    /** Whether there was an intact allocation that starts here; if not, the report says what was there. */
    bool release(uintptr_t address);

    void release_all(const void* owner);

    /** Whether the whole range lies in one allocation. */
    bool holds(uintptr_t address, size_t bytes) const;

    /** "4 bytes past the end of allocation #3 (1024 bytes)", for reports. */
    std::string describe(uintptr_t address) const;

    size_t used() const;
    std::vector<Allocation> live() const;

    bool contains(const void* address) const {
        return reinterpret_cast<uintptr_t>(address) - begin_ < bytes_;
    }
    uintptr_t begin() const { return begin_; }
    size_t arena_bytes() const { return bytes_; }

private:
    uintptr_t take_pages(size_t bytes);
    std::string try_release(uintptr_t address);
    void drop(const Allocation& allocation);

    mutable std::mutex mutex_;
    uintptr_t begin_ = 0;
    size_t bytes_ = 0;
    uintptr_t next_ = 0;
    std::map<uintptr_t, Allocation> live_;   // by address
    std::map<uintptr_t, Allocation> freed_;  // the last ones, to name them in reports
    std::deque<uintptr_t> freed_order_;
    size_t used_ = 0;
    uint64_t allocations_ = 0;
};

DeviceMemory& device_memory();

}  // namespace emulator
