// Streams: what is put into one is done in order. By default it is done at once; with deferred=on not before the host
// waits for it, so that a program that forgets to wait reads stale data.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "driver/context.h"
#include "driver/cuda_types.h"

namespace emulator {

/** One thing to do on the device. */
using Work = std::function<CUresult()>;

/** Work in the order in which it was captured; instantiated, it is the same list. */
struct Graph {
    std::shared_ptr<std::vector<Work>> nodes = std::make_shared<std::vector<Work>>();
    bool invalid = false;  // something was called during the capture that a capture forbids
};

class Stream {
public:
    Stream(Context* context, bool blocking) : context_(context), blocking_(blocking) {}

    /** Does the work now, later, or (while capturing) puts it into the graph. */
    CUresult submit(Work work);

    /** Does all that is left to do. */
    CUresult finish();

    /** Does all that was submitted before this point. */
    CUresult finish_until(uint64_t ticket);

    bool is_idle() const { return pending_.empty(); }
    uint64_t last_ticket() const { return submitted_; }
    Context* context() const { return context_; }
    bool is_blocking() const { return blocking_; }

    Graph* capture = nullptr;  // being filled, or null
    int capture_mode = 0;
    uint64_t capturing_thread = 0;

private:
    CUresult perform(const Work& work);

    Context* context_;
    bool blocking_;
    std::list<Work> pending_;
    uint64_t submitted_ = 0;
    uint64_t done_ = 0;
};

/** The stream behind a handle: null, 1 (legacy) and 2 (per thread) are the default stream of the current context. */
Stream* stream_of(CUstream handle);

/** Whether the handle is a default stream or one that was created and not destroyed. */
bool is_stream(CUstream handle);

void destroy_streams_of(Context* context);
CUresult finish_streams_of(Context* context);

/** Before work of the default stream: all blocking streams of its context come first. */
CUresult finish_blocking_streams();

/** The error that functions return which may not be called during a capture; they end the capture, too. */
CUresult refuse_while_capturing();

}  // namespace emulator
