// Barriers of a block, and collectives of a warp: shuffles, votes and whatever else its lanes do together.
#include <cstring>

#include "execution/block.h"
#include "report.h"

namespace emulator {

std::string describe(Site site) {
    const char* slash = strrchr(site.file ? site.file : "?", '/');
    return text("%s:%d", slash ? slash + 1 : site.file, site.line);
}

// Everyone goes through the shuffled queue, the last to come as well. Two barriers are told apart by their line, not by
// the address of the call: the host compiler may copy a call when it peels a loop.
void BlockRunner::barrier(Site site) {
    if (at_barrier_.empty()) {
        barrier_site_ = site;
    } else if (!(barrier_site_ == site)) {
        report("%s: waits at the __syncthreads of %s, while others of its block wait at that of %s", where().c_str(),
               describe(site).c_str(), describe(barrier_site_).c_str());
        fail(LAUNCH_FAILED);
    }
    at_barrier_.push_back(current_);
    if (at_barrier_.size() == alive_) {
        release_barrier();
    }
    leave();
}

void BlockRunner::release_barrier() {
    wake(at_barrier_);
    watch_barrier();
}

void BlockRunner::named_barrier(int id, unsigned threads, Site site) {
    NamedBarrier* barrier = nullptr;
    for (NamedBarrier& b : named_) {
        barrier = b.id == id ? &b : barrier;
    }
    if (!barrier) {
        named_.push_back({id, threads, site, {}});
        barrier = &named_.back();
    }
    if (barrier->waiting.empty()) {
        barrier->threads = threads;
        barrier->site = site;
    } else if (barrier->threads != threads) {
        report("%s: named barrier %d is for %u threads at %s, for %u at %s", where().c_str(), id, threads,
               describe(site).c_str(), barrier->threads, describe(barrier->site).c_str());
        fail(LAUNCH_FAILED);
    }
    barrier->waiting.push_back(current_);
    if (barrier->waiting.size() == threads) {
        wake(barrier->waiting);
        watch_barrier();  // for the whole block: what others do meanwhile counts as ordered
    }
    leave();
}

/** The lanes that a warp has: the last warp of a block may be shorter. */
unsigned BlockRunner::lanes_of(unsigned warp) const {
    size_t lanes = threads_.size() - size_t{warp} * WARP_SIZE;
    return lanes >= WARP_SIZE ? ~0u : (1u << lanes) - 1;
}

BlockRunner::Collective& BlockRunner::pending_collective(unsigned warp, unsigned mask, Site site) {
    for (Collective& c : collectives_[warp]) {
        if (c.mask == mask && c.site == site) {
            return c;
        }
    }
    collectives_[warp].push_back({mask, 0, site, {}, {}});
    return collectives_[warp].back();
}

// Each lane leaves a pointer to its operands, which stay on its stack while it waits. The last to come does the work for
// all and goes on: one change of thread a lane, and no copy.
void BlockRunner::collective(unsigned mask, void* operands, CollectiveBody body, Site site) {
    const DeviceThread& thread = *emu_thread;
    mask &= lanes_of(thread.warp);
    if (!(mask >> thread.lane & 1)) {
        report("%s: lane %u takes part in the warp collective of %s, whose mask 0x%08x leaves it out", where().c_str(),
               thread.lane, describe(site).c_str(), mask);
        fail(LAUNCH_FAILED);
    }
    Collective& pending = pending_collective(thread.warp, mask, site);
    pending.arrived |= 1u << thread.lane;
    pending.operands[thread.lane] = operands;
    pending.waiting[thread.lane] = current_;
    if (pending.arrived != mask) {
        leave();
        return;
    }
    Collective complete_one = pending;
    std::swap(pending, collectives_[thread.warp].back());
    collectives_[thread.warp].pop_back();
    complete(complete_one, body);
}

void BlockRunner::complete(Collective& collective, CollectiveBody body) {
    body(collective.operands, collective.mask);
    watch_collective();
    for (unsigned lane = 0; lane < WARP_SIZE; lane++) {
        if (collective.waiting[lane] && collective.waiting[lane] != current_) {
            other_lanes_.push_back(collective.waiting[lane]);
        }
    }
    wake_lanes(other_lanes_);
}

// ---- a block in which nobody can go on

namespace {

/** "lanes 0-3, 8" */
std::string lanes_in(unsigned mask) {
    std::string list;
    for (unsigned lane = 0; lane < WARP_SIZE; lane++) {
        if (!(mask >> lane & 1)) {
            continue;
        }
        unsigned last = lane;
        while (last + 1 < WARP_SIZE && (mask >> (last + 1) & 1)) {
            last++;
        }
        list += list.empty() ? "" : ", ";
        list += lane == last ? text("%u", lane) : text("%u-%u", lane, last);
        lane = last;
    }
    return "lanes " + list;
}

}  // namespace

std::string BlockRunner::who_waits() const {
    std::string story;
    if (!at_barrier_.empty()) {
        story += text("; %zu of %zu live threads wait at the __syncthreads of %s (thread %d is one)",
                      at_barrier_.size(), alive_, describe(barrier_site_).c_str(), at_barrier_.front()->thread);
    }
    for (const NamedBarrier& b : named_) {
        if (!b.waiting.empty()) {
            story += text("; %zu of %u threads wait at named barrier %d of %s", b.waiting.size(), b.threads, b.id,
                          describe(b.site).c_str());
        }
    }
    for (size_t warp = 0; warp < collectives_.size(); warp++) {
        for (const Collective& c : collectives_[warp]) {
            unsigned absent = c.mask & ~c.arrived;
            unsigned exited = absent & finished_lanes_[warp];
            story += text("; %s of warp %zu wait in the collective of %s for %s%s", lanes_in(c.arrived).c_str(), warp,
                          describe(c.site).c_str(), lanes_in(absent).c_str(),
                          exited ? (", of which " + lanes_in(exited) + " have exited").c_str() : "");
        }
    }
    return story;
}

void BlockRunner::fail_deadlock() {
    const DeviceThread& t = threads_[0];
    report("kernel %s, block (%u,%u,%u): deadlock%s", launch_->kernel->name, t.block_idx.x, t.block_idx.y,
           t.block_idx.z, who_waits().c_str());
    fail(LAUNCH_FAILED);
}

}  // namespace emulator

// ---- what kernels call

using emulator::current_runner;

void emu_syncthreads(emulator::Site site) {
    current_runner->barrier(site);
}

void emu_named_barrier(int id, unsigned threads, emulator::Site site) {
    current_runner->named_barrier(id, threads, site);
}

void emu_collective(unsigned mask, void* operands, emulator::CollectiveBody body, emulator::Site site) {
    current_runner->collective(mask, operands, body, site);
}

void emu_yield() {
    current_runner->yield();
}

void emu_trap(const char* why) {
    emulator::report("%s: %s", current_runner->where().c_str(), why);
    current_runner->fail(emulator::LAUNCH_FAILED);
}
