#include "driver/context.h"

#include <mutex>
#include <vector>

#include "driver/entry.h"
#include "driver/stream.h"
#include "memory/device_memory.h"
#include "report.h"

namespace emulator {

namespace {

constexpr size_t LEAKS_NAMED = 10;

std::mutex mutex;
std::vector<Context*> contexts;
Context* primary = nullptr;
unsigned primary_users = 0;
CUresult lost_from_the_start = CUDA_SUCCESS;

thread_local std::vector<Context*> stack;  // of current contexts; the last one counts

Context* create(unsigned flags) {
    Context* context = new Context;
    context->flags = flags;
    context->lost = lost_from_the_start;
    contexts.push_back(context);
    return context;
}

void set_current(Context* context) {
    if (stack.empty()) {
        stack.push_back(context);
    } else {
        stack.back() = context;
    }
}

CUresult destroy(Context* context) {
    if (!context || context->destroyed) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    destroy_streams_of(context);
    std::string leaks = leaks_of(context);
    if (!leaks.empty()) {
        report("context destroyed, but %s", leaks.c_str());
    }
    device_memory().release_all(context);
    context->destroyed = true;
    return CUDA_SUCCESS;
}

}  // namespace

Context* current_context() {
    return stack.empty() || !stack.back() || stack.back()->destroyed ? nullptr : stack.back();
}

void lose_contexts(CUresult error) {
    std::lock_guard<std::mutex> lock(mutex);
    lost_from_the_start = error;
    for (Context* context : contexts) {
        context->lost = error;
    }
}

void reset_contexts() {
    std::lock_guard<std::mutex> lock(mutex);
    for (Context* context : contexts) {
        destroy_streams_of(context);
        device_memory().release_all(context);
        context->destroyed = true;
    }
    contexts.clear();
    primary = nullptr;
    primary_users = 0;
    lost_from_the_start = CUDA_SUCCESS;
}

std::string leaks_of(const Context* context) {
    size_t bytes = 0;
    size_t count = 0;
    std::string list;
    for (const Allocation& a : device_memory().live()) {
        if (a.owner != context) {
            continue;
        }
        bytes += a.bytes;
        if (count++ < LEAKS_NAMED) {
            list += text("%s#%llu (%zu bytes)", count > 1 ? ", " : "", static_cast<unsigned long long>(a.number),
                         a.bytes);
        }
    }
    return count ? text("%zu allocations (%zu bytes) were never freed: %s%s", count, bytes, list.c_str(),
                        count > LEAKS_NAMED ? ", …" : "")
                 : "";
}

}  // namespace emulator

using namespace emulator;

CUDA_API cuCtxCreate_v2(CUcontext* context, unsigned flags, CUdevice device) {
    if (CUresult error = enter("cuCtxCreate_v2", Needs::INIT)) return error;
    if (!context) return CUDA_ERROR_INVALID_VALUE;
    if (device != 0) return CUDA_ERROR_INVALID_DEVICE;
    std::lock_guard<std::mutex> lock(mutex);
    *context = create(flags);
    stack.push_back(*context);
    return CUDA_SUCCESS;
}

CUDA_API cuCtxDestroy_v2(CUcontext context) {
    if (CUresult error = enter("cuCtxDestroy_v2", Needs::INIT)) return error;
    return destroy(context);
}

CUDA_API cuCtxSetCurrent(CUcontext context) {
    if (CUresult error = enter("cuCtxSetCurrent", Needs::INIT)) return error;
    if (context && context->destroyed) return CUDA_ERROR_INVALID_CONTEXT;
    set_current(context);
    return CUDA_SUCCESS;
}

CUDA_API cuCtxGetCurrent(CUcontext* context) {
    if (CUresult error = enter("cuCtxGetCurrent", Needs::INIT)) return error;
    *context = current_context();
    return CUDA_SUCCESS;
}

CUDA_API cuCtxPushCurrent_v2(CUcontext context) {
    if (CUresult error = enter("cuCtxPushCurrent_v2", Needs::INIT)) return error;
    if (!context || context->destroyed) return CUDA_ERROR_INVALID_CONTEXT;
    stack.push_back(context);
    return CUDA_SUCCESS;
}

CUDA_API cuCtxPopCurrent_v2(CUcontext* context) {
    if (CUresult error = enter("cuCtxPopCurrent_v2", Needs::INIT)) return error;
    if (stack.empty()) return CUDA_ERROR_INVALID_CONTEXT;
    if (context) *context = stack.back();
    stack.pop_back();
    return CUDA_SUCCESS;
}

CUDA_API cuCtxGetDevice(CUdevice* device) {
    if (CUresult error = enter("cuCtxGetDevice", Needs::CONTEXT)) return error;
    *device = 0;
    return CUDA_SUCCESS;
}

CUDA_API cuCtxGetFlags(unsigned* flags) {
    if (CUresult error = enter("cuCtxGetFlags", Needs::CONTEXT)) return error;
    *flags = current_context()->flags;
    return CUDA_SUCCESS;
}

CUDA_API cuCtxGetApiVersion(CUcontext, unsigned* version) {
    if (CUresult error = enter("cuCtxGetApiVersion", Needs::CONTEXT)) return error;
    *version = 3020;
    return CUDA_SUCCESS;
}

CUDA_API cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    if (CUresult error = enter("cuCtxGetStreamPriorityRange", Needs::CONTEXT)) return error;
    if (least) *least = 0;
    if (greatest) *greatest = 0;
    return CUDA_SUCCESS;
}

CUDA_API cuCtxSynchronize() {
    if (CUresult error = enter("cuCtxSynchronize", Needs::CONTEXT)) return error;
    if (CUresult error = refuse_while_capturing()) return error;
    return finish_streams_of(current_context());
}

CUDA_API cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device) {
    if (CUresult error = enter("cuDevicePrimaryCtxRetain", Needs::INIT)) return error;
    if (device != 0) return CUDA_ERROR_INVALID_DEVICE;
    std::lock_guard<std::mutex> lock(mutex);
    if (!primary) primary = create(0);
    primary_users++;
    *context = primary;
    return CUDA_SUCCESS;
}

CUDA_API cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    if (CUresult error = enter("cuDevicePrimaryCtxRelease_v2", Needs::INIT)) return error;
    if (device != 0) return CUDA_ERROR_INVALID_DEVICE;
    std::lock_guard<std::mutex> lock(mutex);
    if (primary_users == 0) return CUDA_ERROR_INVALID_CONTEXT;
    if (--primary_users > 0) return CUDA_SUCCESS;
    CUresult result = destroy(primary);
    primary = nullptr;
    return result;
}

CUDA_API cuDevicePrimaryCtxReset_v2(CUdevice device) {
    if (CUresult error = enter("cuDevicePrimaryCtxReset_v2", Needs::INIT)) return error;
    if (device != 0) return CUDA_ERROR_INVALID_DEVICE;
    std::lock_guard<std::mutex> lock(mutex);
    CUresult result = primary ? destroy(primary) : CUDA_SUCCESS;
    primary = nullptr;
    return result;
}

CUDA_API cuDevicePrimaryCtxGetState(CUdevice device, unsigned* flags, int* active) {
    if (CUresult error = enter("cuDevicePrimaryCtxGetState", Needs::INIT)) return error;
    if (device != 0) return CUDA_ERROR_INVALID_DEVICE;
    std::lock_guard<std::mutex> lock(mutex);
    *flags = primary ? primary->flags : 0;
    *active = primary != nullptr;
    return CUDA_SUCCESS;
}

CUDA_API cuDevicePrimaryCtxSetFlags_v2(CUdevice, unsigned) {
    return enter("cuDevicePrimaryCtxSetFlags_v2", Needs::INIT);
}
