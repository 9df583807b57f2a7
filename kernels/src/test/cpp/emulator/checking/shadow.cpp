#include "checking/shadow.h"

#include <sys/mman.h>

#include <cstdlib>
#include <utility>

#include "memory/device_memory.h"
#include "mode.h"
#include "report.h"

namespace emulator {

namespace {

constexpr unsigned PAGE_SHIFT = 12;

/** By page of the arena: the region of the allocation that has it. Untouched entries cost no memory. */
ShadowRegion** page_table() {
    static ShadowRegion** table = [] {
        size_t bytes = (device_memory().arena_bytes() >> PAGE_SHIFT) * sizeof(ShadowRegion*);
        void* memory =
            mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            fatal("no address space for the records of the checker");
        }
        return static_cast<ShadowRegion**>(memory);
    }();
    return table;
}

ShadowRegion*& page_entry(uintptr_t address) {
    return page_table()[(address - device_memory().begin()) >> PAGE_SHIFT];
}

bool checks() {
    return mode() == Mode::CHECKED;
}

}  // namespace

ShadowRegion::ShadowRegion(uintptr_t begin, size_t bytes) : begin_(begin), bytes_(bytes), capacity_(bytes) {
    cells_ = static_cast<Cell*>(calloc(cell_count(), sizeof(Cell)));
    if (!cells_) {
        fatal("no memory for the records of the checker: they take four times what the device has allocated");
    }
}

ShadowRegion::~ShadowRegion() {
    free(cells_);
}

ShadowRegion::ShadowRegion(ShadowRegion&& other) noexcept {
    *this = std::move(other);
}

ShadowRegion& ShadowRegion::operator=(ShadowRegion&& other) noexcept {
    std::swap(begin_, other.begin_);
    std::swap(bytes_, other.bytes_);
    std::swap(capacity_, other.capacity_);
    std::swap(cells_, other.cells_);
    std::swap(shift_, other.shift_);
    return *this;
}

void ShadowRegion::restrict_to(size_t bytes) {
    free(cells_);
    bytes_ = bytes;
    cells_ = static_cast<Cell*>(calloc(cell_count(), sizeof(Cell)));
}

/** Each cell becomes several that know the same. */
void ShadowRegion::refine(size_t granule) {
    size_t old_count = cell_count();
    unsigned old_shift = shift_;
    while ((size_t{1} << shift_) > granule) {
        shift_--;
    }
    Cell* finer = static_cast<Cell*>(calloc(cell_count(), sizeof(Cell)));
    size_t parts = size_t{1} << (old_shift - shift_);
    for (size_t i = 0; i < cell_count() && i / parts < old_count; i++) {
        finer[i] = cells_[i / parts];
    }
    free(cells_);
    cells_ = finer;
}

void shadow_allocated(uintptr_t address, size_t bytes, uintptr_t pages, size_t page_bytes) {
    if (!checks()) return;
    ShadowRegion* region = new ShadowRegion(address, bytes);
    for (uintptr_t page = pages; page < pages + page_bytes; page += size_t{1} << PAGE_SHIFT) {
        page_entry(page) = region;
    }
}

void shadow_freed(uintptr_t pages, size_t page_bytes) {
    if (!checks()) return;
    delete page_entry(pages);
    for (uintptr_t page = pages; page < pages + page_bytes; page += size_t{1} << PAGE_SHIFT) {
        page_entry(page) = nullptr;
    }
}

ShadowRegion* shadow_region(uintptr_t address) {
    return page_entry(address);
}

void shadow_written(uintptr_t address, size_t bytes) {
    if (!checks() || bytes == 0) return;
    ShadowRegion& region = *page_entry(address);
    for (Cell* cell = region.first(address); cell < region.last(address, bytes); cell++) {
        *cell = {BY_HOST, 0, NEVER, 0};
    }
}

void shadow_copied(uintptr_t to, uintptr_t from, size_t bytes) {
    if (!checks()) return;
    for (size_t i = 0; i < bytes; i += 4) {
        size_t count = bytes - i < 4 ? bytes - i : 4;
        if (shadow_unwritten(from + i, count) == 0) {
            shadow_written(to + i, count);
        }
    }
}

uintptr_t shadow_unwritten(uintptr_t address, size_t bytes) {
    if (!checks() || bytes == 0) return 0;
    ShadowRegion& region = *page_entry(address);
    Cell* first = region.first(address);
    size_t count = static_cast<size_t>(region.last(address, bytes) - first);
    for (size_t i = 0; i < count; i++) {
        if (first[i].written == NEVER) {
            return address + i * bytes / count;
        }
    }
    return 0;
}

}  // namespace emulator
