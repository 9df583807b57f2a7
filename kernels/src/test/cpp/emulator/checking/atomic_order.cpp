#include "checking/atomic_order.h"

#include <algorithm>

namespace emulator {

void AtomicOrder::begin_launch() {
    started_.clear();
    announcements_.clear();
}

void AtomicOrder::begin_block(size_t block, Time now) {
    started_.push_back({now, block});
    known_.clear();
    fenced_ = NEVER;
}

size_t AtomicOrder::ordinal(Time then) const {
    auto after = std::upper_bound(started_.begin(), started_.end(), then,
                                  [](Time time, const Started& s) { return time < s.begin; });
    return static_cast<size_t>(after - started_.begin()) - 1;
}

void AtomicOrder::atomic(uintptr_t address, Time now, unsigned thread) {
    std::vector<Announcement>& list = announcements_[address];
    size_t self = started_.size() - 1;
    for (const Announcement& other : list) {
        if (other.by != self) {
            known_.emplace(other.by, Known{other, now, thread});
        }
    }
    if (!list.empty() && list.back().by == self) {
        list.pop_back();
    }
    list.push_back({self, now, thread, fenced_});
}

bool AtomicOrder::is_ordered(Time then, unsigned other_thread, Time now, unsigned thread) const {
    if (known_.empty()) {
        return false;
    }
    auto found = known_.find(ordinal(then));
    if (found == known_.end()) {
        return false;
    }
    const Known& known = found->second;
    const Announcement& a = known.announcement;
    bool before_announcement = then < a.time || (then == a.time && other_thread == a.thread);
    bool after_learning = now > known.since || thread == known.thread;
    return before_announcement && after_learning && a.fenced >= then;
}

}  // namespace emulator
