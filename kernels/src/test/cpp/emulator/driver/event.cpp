// Events: points in a stream, with the time at which they were passed.
#include <chrono>

#include "driver/entry.h"
#include "driver/stream.h"

namespace emulator {

struct Event {
    using Clock = std::chrono::steady_clock;

    bool timed = true;
    Stream* stream = nullptr;  // where it was recorded last; null if never
    uint64_t ticket = 0;       // the place in that stream
    bool passed = true;
    Clock::time_point time{};
};

namespace {

constexpr unsigned DISABLE_TIMING = 2;

/** Does what the stream has to do up to the event. */
CUresult reach(Event* event) {
    return event->passed || !event->stream ? CUDA_SUCCESS : event->stream->finish_until(event->ticket);
}

}  // namespace

}  // namespace emulator

using namespace emulator;

CUDA_API cuEventCreate(CUevent* event, unsigned flags) {
    if (CUresult error = enter("cuEventCreate", Needs::CONTEXT)) return error;
    if (!event) return CUDA_ERROR_INVALID_VALUE;
    *event = new Event;
    (*event)->timed = !(flags & DISABLE_TIMING);
    return CUDA_SUCCESS;
}

CUDA_API cuEventDestroy_v2(CUevent event) {
    if (CUresult error = enter("cuEventDestroy_v2", Needs::CONTEXT)) return error;
    if (CUresult error = reach(event)) return error;
    delete event;
    return CUDA_SUCCESS;
}

CUDA_API cuEventRecord(CUevent event, CUstream handle) {
    if (CUresult error = enter("cuEventRecord", Needs::CONTEXT)) return error;
    if (!event || !is_stream(handle)) return CUDA_ERROR_INVALID_HANDLE;
    Stream* stream = stream_of(handle);
    bool captured = stream->capture != nullptr;
    event->stream = captured ? nullptr : stream;
    event->passed = captured;
    CUresult result = stream->submit([event] {
        event->time = Event::Clock::now();
        event->passed = true;
        return CUDA_SUCCESS;
    });
    event->ticket = stream->last_ticket();
    return result;
}

CUDA_API cuEventSynchronize(CUevent event) {
    if (CUresult error = enter("cuEventSynchronize", Needs::CONTEXT)) return error;
    if (!event) return CUDA_ERROR_INVALID_HANDLE;
    if (CUresult error = refuse_while_capturing()) return error;
    return reach(event);
}

CUDA_API cuEventQuery(CUevent event) {
    if (CUresult error = enter("cuEventQuery", Needs::CONTEXT)) return error;
    if (!event) return CUDA_ERROR_INVALID_HANDLE;
    return event->passed ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
}

CUDA_API cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end) {
    if (CUresult error = enter("cuEventElapsedTime", Needs::CONTEXT)) return error;
    if (!milliseconds || !start || !end || !start->timed || !end->timed) return CUDA_ERROR_INVALID_HANDLE;
    if (!start->stream || !end->stream) return CUDA_ERROR_INVALID_HANDLE;
    if (!start->passed || !end->passed) return CUDA_ERROR_NOT_READY;
    *milliseconds = std::chrono::duration<float, std::milli>(end->time - start->time).count();
    return CUDA_SUCCESS;
}

CUDA_API cuStreamWaitEvent(CUstream stream, CUevent event, unsigned) {
    if (CUresult error = enter("cuStreamWaitEvent", Needs::CONTEXT)) return error;
    if (!event || !is_stream(stream)) return CUDA_ERROR_INVALID_HANDLE;
    return stream_of(stream)->submit([event] { return reach(event); });
}
