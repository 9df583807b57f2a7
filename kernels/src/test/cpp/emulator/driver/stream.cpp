#include "driver/stream.h"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "driver/entry.h"
#include "report.h"
#include "settings.h"

namespace emulator {

namespace {

constexpr unsigned NON_BLOCKING = 1;
enum CaptureMode { GLOBAL = 0, THREAD_LOCAL = 1, RELAXED = 2 };

std::recursive_mutex mutex;
std::vector<Stream*> streams;
std::map<Context*, Stream*> default_streams;

uint64_t this_thread() {
    return std::hash<std::thread::id>{}(std::this_thread::get_id());
}

bool is_default(CUstream handle) {
    return reinterpret_cast<uintptr_t>(handle) <= 2;
}

std::vector<Stream*> streams_of(Context* context) {
    std::vector<Stream*> result;
    for (Stream* stream : streams) {
        if (stream->context() == context) {
            result.push_back(stream);
        }
    }
    return result;
}

}  // namespace

CUresult Stream::submit(Work work) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    if (context_->lost) {
        return context_->lost;
    }
    if (capture) {
        capture->nodes->push_back(std::move(work));
        return CUDA_SUCCESS;
    }
    submitted_++;
    bool is_default_stream = default_streams[context_] == this;
    if (settings().deferred && !is_default_stream) {
        pending_.push_back(std::move(work));
        return CUDA_SUCCESS;
    }
    if (is_default_stream) {
        if (CUresult error = finish_blocking_streams()) {
            return error;
        }
    }
    return perform(work);
}

CUresult Stream::perform(const Work& work) {
    done_++;
    return work();
}

CUresult Stream::finish() {
    return finish_until(submitted_);
}

CUresult Stream::finish_until(uint64_t ticket) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    while (!pending_.empty() && done_ < ticket) {
        Work work = std::move(pending_.front());
        pending_.pop_front();
        if (CUresult error = perform(work)) {
            return error;
        }
    }
    return context_->lost;
}

Stream* stream_of(CUstream handle) {
    if (!is_default(handle)) {
        return handle;
    }
    std::lock_guard<std::recursive_mutex> lock(mutex);
    Stream*& stream = default_streams[current_context()];
    if (!stream) {
        stream = new Stream(current_context(), true);
    }
    return stream;
}

bool is_stream(CUstream handle) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    return is_default(handle) || std::find(streams.begin(), streams.end(), handle) != streams.end();
}

void destroy_streams_of(Context* context) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    for (Stream* stream : streams_of(context)) {
        streams.erase(std::find(streams.begin(), streams.end(), stream));
        delete stream;
    }
    delete default_streams[context];
    default_streams.erase(context);
}

CUresult finish_streams_of(Context* context) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    for (Stream* stream : streams_of(context)) {
        if (CUresult error = stream->finish()) {
            return error;
        }
    }
    return context->lost;
}

CUresult finish_blocking_streams() {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    for (Stream* stream : streams_of(current_context())) {
        if (stream->is_blocking()) {
            if (CUresult error = stream->finish()) {
                return error;
            }
        }
    }
    return CUDA_SUCCESS;
}

CUresult refuse_while_capturing() {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    CUresult result = CUDA_SUCCESS;
    for (Stream* stream : streams) {
        bool forbids = stream->capture_mode == GLOBAL ||
                       (stream->capture_mode == THREAD_LOCAL && stream->capturing_thread == this_thread());
        if (stream->capture && forbids) {
            report("a call that waits for the device or changes its memory, while a stream is being captured");
            stream->capture->invalid = true;
            result = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
        }
    }
    return result;
}

}  // namespace emulator

using namespace emulator;

CUDA_API cuStreamCreate(CUstream* stream, unsigned flags) {
    if (CUresult error = enter("cuStreamCreate", Needs::CONTEXT)) return error;
    if (!stream || flags > NON_BLOCKING) return CUDA_ERROR_INVALID_VALUE;
    std::lock_guard<std::recursive_mutex> lock(mutex);
    *stream = new Stream(current_context(), flags != NON_BLOCKING);
    streams.push_back(*stream);
    return CUDA_SUCCESS;
}

CUDA_API cuStreamCreateWithPriority(CUstream* stream, unsigned flags, int) {
    return cuStreamCreate(stream, flags);
}

CUDA_API cuStreamDestroy_v2(CUstream stream) {
    if (CUresult error = enter("cuStreamDestroy_v2", Needs::CONTEXT)) return error;
    std::lock_guard<std::recursive_mutex> lock(mutex);
    auto found = std::find(streams.begin(), streams.end(), stream);
    if (found == streams.end()) return CUDA_ERROR_INVALID_HANDLE;
    stream->finish();
    streams.erase(found);
    delete stream;
    return CUDA_SUCCESS;
}

CUDA_API cuStreamSynchronize(CUstream handle) {
    if (CUresult error = enter("cuStreamSynchronize", Needs::CONTEXT)) return error;
    if (!is_stream(handle)) return CUDA_ERROR_INVALID_HANDLE;
    Stream* stream = stream_of(handle);
    if (stream->capture) {
        stream->capture->invalid = true;
        report("cuStreamSynchronize of a stream that is being captured");
        return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
    return handle == nullptr ? finish_blocking_streams() : stream->finish();
}

CUDA_API cuStreamQuery(CUstream handle) {
    if (CUresult error = enter("cuStreamQuery", Needs::CONTEXT)) return error;
    if (!is_stream(handle)) return CUDA_ERROR_INVALID_HANDLE;
    return stream_of(handle)->is_idle() ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
}

CUDA_API cuStreamBeginCapture_v2(CUstream handle, int mode) {
    if (CUresult error = enter("cuStreamBeginCapture_v2", Needs::CONTEXT)) return error;
    if (!is_stream(handle)) return CUDA_ERROR_INVALID_HANDLE;
    if (is_default(handle)) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    if (handle->capture) return CUDA_ERROR_ILLEGAL_STATE;
    handle->capture = new Graph;
    handle->capture_mode = mode;
    handle->capturing_thread = this_thread();
    return CUDA_SUCCESS;
}

CUDA_API cuStreamEndCapture(CUstream handle, CUgraph* graph) {
    if (CUresult error = enter("cuStreamEndCapture", Needs::CONTEXT)) return error;
    if (!is_stream(handle)) return CUDA_ERROR_INVALID_HANDLE;
    if (!stream_of(handle)->capture) return CUDA_ERROR_ILLEGAL_STATE;
    *graph = handle->capture;
    handle->capture = nullptr;
    if (!(*graph)->invalid) return CUDA_SUCCESS;
    delete *graph;
    *graph = nullptr;
    return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
}

CUDA_API cuStreamIsCapturing(CUstream handle, int* status) {
    if (CUresult error = enter("cuStreamIsCapturing", Needs::CONTEXT)) return error;
    if (!is_stream(handle)) return CUDA_ERROR_INVALID_HANDLE;
    Graph* graph = stream_of(handle)->capture;
    *status = !graph ? 0 : graph->invalid ? 2 : 1;
    return CUDA_SUCCESS;
}

CUDA_API cuGraphInstantiateWithFlags(CUgraphExec* executable, CUgraph graph, unsigned long long) {
    if (CUresult error = enter("cuGraphInstantiateWithFlags", Needs::CONTEXT)) return error;
    if (!executable || !graph) return CUDA_ERROR_INVALID_VALUE;
    *executable = new Graph(*graph);
    return CUDA_SUCCESS;
}

CUDA_API cuGraphLaunch(CUgraphExec graph, CUstream stream) {
    if (CUresult error = enter("cuGraphLaunch", Needs::CONTEXT)) return error;
    if (!graph || !is_stream(stream)) return CUDA_ERROR_INVALID_HANDLE;
    return stream_of(stream)->submit([nodes = graph->nodes] {
        for (const Work& node : *nodes) {
            if (CUresult error = node()) {
                return error;
            }
        }
        return CUDA_SUCCESS;
    });
}

CUDA_API cuGraphUpload(CUgraphExec, CUstream) {
    return enter("cuGraphUpload", Needs::CONTEXT);
}

/** How many nodes a graph has; their handles are not given out. */
CUDA_API cuGraphGetNodes(CUgraph graph, void** nodes, size_t* count) {
    if (CUresult error = enter("cuGraphGetNodes", Needs::CONTEXT)) return error;
    if (!graph || !count) return CUDA_ERROR_INVALID_VALUE;
    if (nodes) return CUDA_ERROR_NOT_SUPPORTED;
    *count = graph->nodes->size();
    return CUDA_SUCCESS;
}

CUDA_API cuGraphExecDestroy(CUgraphExec graph) {
    if (CUresult error = enter("cuGraphExecDestroy", Needs::CONTEXT)) return error;
    delete graph;
    return CUDA_SUCCESS;
}

CUDA_API cuGraphDestroy(CUgraph graph) {
    if (CUresult error = enter("cuGraphDestroy", Needs::CONTEXT)) return error;
    delete graph;
    return CUDA_SUCCESS;
}
