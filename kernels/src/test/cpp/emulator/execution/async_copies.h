// cp.async: copies from global to shared memory that a thread starts and later waits for. Here they are done while it
// waits: who reads the target too early finds poison.
#pragma once

#include <cstddef>
#include <vector>

namespace emulator {

/** The copies under way of one device thread. */
class AsyncCopies {
public:
    struct Copy {
        void* shared;
        const void* global;
        unsigned bytes;
        unsigned present;
        const void* pc;  // where in the kernel it was started
    };

    void start(const Copy& copy) {
        copies_.push_back(copy);
        open_++;
    }

    /** Ends the group of the copies started since the last commit; it may be empty. */
    void commit() {
        groups_.push_back(open_);
        open_ = 0;
    }

    /** Does the copies of all groups but the `pending` youngest. */
    void wait(size_t pending);

    void clear() {
        copies_.clear();
        groups_.clear();
        open_ = 0;
    }

private:
    static void land(const Copy& copy);

    std::vector<Copy> copies_;    // not yet done, oldest first
    std::vector<size_t> groups_;  // how many of them each committed group has
    size_t open_ = 0;             // how many belong to no group yet
};

}  // namespace emulator
