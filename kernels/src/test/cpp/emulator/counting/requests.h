// Accesses of threads, put together to requests of warps. The threads of a warp run one after the other here, so lanes
// are matched afterwards: the n-th time that a lane comes by an instruction belongs with the n-th time of the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "counting/counters.h"
#include "device/abi.h"

namespace emulator {

/** One instruction of a warp: the address of each lane that takes part. */
struct Request {
    unsigned bytes = 0;  // of each lane
    unsigned mask = 0;
    uintptr_t address[WARP_SIZE];
};

/** Distinct addresses times bytes, and 32-byte sectors touched. */
struct GlobalTraffic {
    unsigned bytes;
    unsigned sectors;
};
GlobalTraffic global_traffic(const Request& request);

/**
 * Passes that a request to shared memory takes, and the least that one of its width can. There are 32 banks of 4 bytes;
 * lanes that name different words of one bank go one after the other, lanes that name the same word go together. Accesses
 * of 8 bytes are made by half a warp at a time, those of 16 bytes by a quarter.
 */
struct SharedPasses {
    unsigned taken;
    unsigned least;
};
SharedPasses shared_passes(const Request& request);

class RequestCounter {
public:
    void begin_launch(KernelCounters& counters, uintptr_t shared_begin, size_t shared_bytes);
    void begin_block(unsigned threads);
    void end_block();

    bool is_active() const { return active_; }
    KernelCounters& counters() { return *counters_; }

    /** By the thread that runs now; what is neither global nor shared memory is not counted. */
    void access(const void* address, size_t bytes, bool writes, const void* pc);

    /** Bytes that the copy engine brings, in whole sectors; no request of a warp. */
    void bulk_copy(size_t bytes, size_t present);

private:
    enum Kind { GLOBAL_READ, GLOBAL_WRITE, SHARED };

    /** One instruction, for one warp. */
    struct Instruction {
        Kind kind;
        std::deque<Request> open;             // those that lanes may still join, oldest first
        unsigned first = 0;                   // the number of the oldest
        unsigned passed[WARP_SIZE] = {};      // how often each lane has come by
    };

    size_t index_of(const void* pc, Kind kind);
    Instruction& instruction(unsigned warp, size_t index, Kind kind);
    void close_oldest(Instruction& instruction);
    void count(Kind kind, const Request& request);
    unsigned full_mask(unsigned warp) const;

    bool active_ = false;
    KernelCounters* counters_ = nullptr;
    uintptr_t arena_begin_ = 0;
    size_t arena_bytes_ = 0;
    uintptr_t shared_begin_ = 0;
    size_t shared_bytes_ = 0;
    unsigned threads_ = 0;
    size_t bulk_bytes_ = 0;  // brought by the copy engine, and too few for a sector yet
    std::unordered_map<uintptr_t, size_t> indices_;         // of instructions, by address and kind
    std::vector<std::vector<Instruction>> instructions_;    // by warp and index
};

/** The only one: counted blocks run on one OS thread. */
extern RequestCounter request_counter;

}  // namespace emulator
