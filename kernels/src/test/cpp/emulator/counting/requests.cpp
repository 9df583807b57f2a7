#include "counting/requests.h"

#include <algorithm>

#include "memory/device_memory.h"

namespace emulator {

RequestCounter request_counter;

namespace {

constexpr unsigned SECTOR_BYTES = 32;
constexpr unsigned BANKS = 32;
constexpr unsigned BANK_BYTES = 4;

/** The values of the lanes in [from, to) that take part, each once. */
template <class Value>
unsigned distinct(const Request& request, unsigned from, unsigned to, Value* values, unsigned divisor) {
    Value* end = values;
    for (unsigned lane = from; lane < to; lane++) {
        if (request.mask >> lane & 1) {
            *end++ = request.address[lane] / divisor;
        }
    }
    std::sort(values, end);
    return static_cast<unsigned>(std::unique(values, end) - values);
}

/** The most words that any one bank is asked for, by the lanes in [from, to). */
unsigned passes(const Request& request, unsigned from, unsigned to) {
    uintptr_t starts[WARP_SIZE];
    unsigned words = std::max(1u, request.bytes / BANK_BYTES);
    unsigned count = distinct(request, from, to, starts, BANK_BYTES);
    unsigned asked[BANKS] = {};
    unsigned most = 0;
    uintptr_t last = 0;
    for (unsigned i = 0; i < count; i++) {
        for (unsigned w = 0; w < words; w++) {
            uintptr_t word = starts[i] + w;
            if (i > 0 && word <= last) {
                continue;  // two lanes' accesses overlap
            }
            last = word;
            most = std::max(most, ++asked[word % BANKS]);
        }
    }
    return most;
}

}  // namespace

GlobalTraffic global_traffic(const Request& request) {
    uintptr_t values[WARP_SIZE];
    unsigned addresses = distinct(request, 0, WARP_SIZE, values, 1);
    unsigned sectors = distinct(request, 0, WARP_SIZE, values, SECTOR_BYTES);
    return {addresses * request.bytes, sectors};
}

SharedPasses shared_passes(const Request& request) {
    unsigned lanes_at_once = request.bytes <= BANK_BYTES ? WARP_SIZE : WARP_SIZE * BANK_BYTES / request.bytes;
    SharedPasses result{0, 0};
    for (unsigned lane = 0; lane < WARP_SIZE; lane += lanes_at_once) {
        unsigned taken = passes(request, lane, lane + lanes_at_once);
        result.taken += taken;
        result.least += taken > 0;
    }
    return result;
}

// ---- from accesses to requests

void RequestCounter::begin_launch(KernelCounters& counters, uintptr_t shared_begin, size_t shared_bytes) {
    counters_ = &counters;
    arena_begin_ = device_memory().begin();
    arena_bytes_ = device_memory().arena_bytes();
    shared_begin_ = shared_begin;
    shared_bytes_ = shared_bytes;
    indices_.clear();
    instructions_.clear();
}

void RequestCounter::begin_block(unsigned threads) {
    threads_ = threads;
    instructions_.resize((threads + WARP_SIZE - 1) / WARP_SIZE);
    active_ = true;
}

void RequestCounter::end_block() {
    active_ = false;
    for (auto& of_warp : instructions_) {
        for (Instruction& instruction : of_warp) {
            while (!instruction.open.empty()) {
                close_oldest(instruction);
            }
            instruction.first = 0;
            std::fill(std::begin(instruction.passed), std::end(instruction.passed), 0);
        }
    }
}

size_t RequestCounter::index_of(const void* pc, Kind kind) {
    uintptr_t key = reinterpret_cast<uintptr_t>(pc) * 4 + kind;
    return indices_.emplace(key, indices_.size()).first->second;
}

RequestCounter::Instruction& RequestCounter::instruction(unsigned warp, size_t index, Kind kind) {
    std::vector<Instruction>& of_warp = instructions_[warp];
    if (index >= of_warp.size()) {
        of_warp.resize(index + 1);
    }
    of_warp[index].kind = kind;
    return of_warp[index];
}

unsigned RequestCounter::full_mask(unsigned warp) const {
    unsigned lanes = threads_ - warp * WARP_SIZE;
    return lanes >= WARP_SIZE ? ~0u : (1u << lanes) - 1;
}

void RequestCounter::access(const void* address, size_t bytes, bool writes, const void* pc) {
    uintptr_t a = reinterpret_cast<uintptr_t>(address);
    bool is_shared = a - shared_begin_ < shared_bytes_;
    if (!is_shared && a - arena_begin_ >= arena_bytes_) {
        return;
    }
    Kind kind = is_shared ? SHARED : writes ? GLOBAL_WRITE : GLOBAL_READ;
    const DeviceThread& thread = *emu_thread;
    Instruction& i = instruction(thread.warp, index_of(pc, kind), kind);
    unsigned number = i.passed[thread.lane]++;
    if (number - i.first >= i.open.size()) {
        i.open.emplace_back();
    }
    Request& request = i.open[number - i.first];
    request.bytes = static_cast<unsigned>(bytes);
    request.mask |= 1u << thread.lane;
    request.address[thread.lane] = is_shared ? a - shared_begin_ : a;
    while (!i.open.empty() && i.open.front().mask == full_mask(thread.warp)) {
        close_oldest(i);
    }
}

void RequestCounter::bulk_copy(size_t bytes, size_t present) {
    counters_->read_bytes += present;
    counters_->shared_bytes += bytes;
    bulk_bytes_ += present;
    counters_->read_sectors += bulk_bytes_ / SECTOR_BYTES;
    bulk_bytes_ %= SECTOR_BYTES;
}

void RequestCounter::close_oldest(Instruction& instruction) {
    count(instruction.kind, instruction.open.front());
    instruction.open.pop_front();
    instruction.first++;
}

void RequestCounter::count(Kind kind, const Request& request) {
    KernelCounters& c = *counters_;
    if (kind == SHARED) {
        SharedPasses p = shared_passes(request);
        c.shared_requests++;
        c.shared_bytes += static_cast<unsigned>(__builtin_popcount(request.mask)) * request.bytes;
        c.shared_wavefronts += p.taken;
        c.shared_conflicts += p.taken - p.least;
        return;
    }
    GlobalTraffic traffic = global_traffic(request);
    (kind == GLOBAL_WRITE ? c.write_requests : c.read_requests)++;
    (kind == GLOBAL_WRITE ? c.write_bytes : c.read_bytes) += traffic.bytes;
    (kind == GLOBAL_WRITE ? c.write_sectors : c.read_sectors) += traffic.sectors;
}

}  // namespace emulator
