// How blocks of one launch can be ordered after one another: a block writes, fences, and announces it with an atomic; the
// block whose atomic comes later at the same address may read what the first has written. This is how the last block of a
// grid finds itself and sums what the others left.
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "checking/shadow.h"

namespace emulator {

class AtomicOrder {
public:
    void begin_launch();
    void begin_block(size_t block, Time now);

    /** __threadfence by any thread of the block. */
    void fence(Time now) { fenced_ = now; }

    /** An atomic operation: the block learns of those before it at this address, and announces itself. */
    void atomic(uintptr_t address, Time now, unsigned thread);

    /** Whether what another block's thread did is ordered before what this thread does now. */
    bool is_ordered(Time then, unsigned other_thread, Time now, unsigned thread) const;

    /** Whether this block has learnt of any other. */
    bool knows_others() const { return !known_.empty(); }

    /** The index in the grid of the block that ran then. */
    size_t block_at(Time then) const { return started_[ordinal(then)].block; }

private:
    struct Started {
        Time begin;
        size_t block;
    };
    struct Announcement {
        size_t by;  // the how-manieth block of the launch
        Time time;
        unsigned thread;
        Time fenced;  // the block's last fence before it
    };
    struct Known {
        Announcement announcement;
        Time since;
        unsigned thread;
    };

    size_t ordinal(Time then) const;

    std::vector<Started> started_;  // blocks of this launch, in the order in which they ran
    std::map<uintptr_t, std::vector<Announcement>> announcements_;
    std::unordered_map<size_t, Known> known_;  // by ordinal: of whom the running block has learnt
    Time fenced_ = NEVER;
};

}  // namespace emulator
