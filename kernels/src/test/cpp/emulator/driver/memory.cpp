// Device memory and pinned host memory.
#include <algorithm>

#include "driver/entry.h"
#include "driver/pinned.h"
#include "driver/stream.h"
#include "memory/device_memory.h"
#include "report.h"
#include "settings.h"

using namespace emulator;

CUDA_API cuMemAlloc_v2(CUdeviceptr* address, size_t bytes) {
    if (CUresult error = enter("cuMemAlloc_v2", Needs::CONTEXT)) return error;
    if (!address || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    if (CUresult error = refuse_while_capturing()) return error;
    *address = device_memory().allocate(bytes, current_context());
    return *address ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUDA_API cuMemFree_v2(CUdeviceptr address) {
    if (CUresult error = enter("cuMemFree_v2", Needs::CONTEXT)) return error;
    if (address == 0) return CUDA_SUCCESS;
    if (CUresult error = refuse_while_capturing()) return error;
    if (CUresult error = finish_streams_of(current_context())) return error;
    return device_memory().release(address) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUDA_API cuMemAllocAsync(CUdeviceptr* address, size_t bytes, CUstream stream) {
    if (CUresult error = enter("cuMemAllocAsync", Needs::CONTEXT)) return error;
    if (!address || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    if (!is_stream(stream)) return CUDA_ERROR_INVALID_HANDLE;
    if (stream_of(stream)->capture) return CUDA_ERROR_NOT_SUPPORTED;  // memory nodes of graphs are not modelled
    *address = device_memory().allocate(bytes, current_context());
    return *address ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUDA_API cuMemFreeAsync(CUdeviceptr address, CUstream stream) {
    if (CUresult error = enter("cuMemFreeAsync", Needs::CONTEXT)) return error;
    if (!is_stream(stream)) return CUDA_ERROR_INVALID_HANDLE;
    if (stream_of(stream)->capture) return CUDA_ERROR_NOT_SUPPORTED;
    return stream_of(stream)->submit([address] {
        return device_memory().release(address) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
    });
}

CUDA_API cuMemGetInfo_v2(size_t* free, size_t* total) {
    if (CUresult error = enter("cuMemGetInfo_v2", Needs::CONTEXT)) return error;
    if (total) *total = settings().memory;
    if (free) *free = settings().memory - std::min(settings().memory, device_memory().used());
    return CUDA_SUCCESS;
}

CUDA_API cuMemGetAddressRange_v2(CUdeviceptr* base, size_t* bytes, CUdeviceptr address) {
    if (CUresult error = enter("cuMemGetAddressRange_v2", Needs::CONTEXT)) return error;
    for (const Allocation& a : device_memory().live()) {
        if (a.contains(address, 1)) {
            if (base) *base = a.address;
            if (bytes) *bytes = a.bytes;
            return CUDA_SUCCESS;
        }
    }
    return CUDA_ERROR_NOT_FOUND;
}

CUDA_API cuMemHostAlloc(void** address, size_t bytes, unsigned) {
    if (CUresult error = enter("cuMemHostAlloc", Needs::CONTEXT)) return error;
    if (!address || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    *address = allocate_pinned(bytes);
    return *address ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUDA_API cuMemAllocHost_v2(void** address, size_t bytes) {
    return cuMemHostAlloc(address, bytes, 0);
}

CUDA_API cuMemFreeHost(void* address) {
    if (CUresult error = enter("cuMemFreeHost", Needs::CONTEXT)) return error;
    return free_pinned(address) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUDA_API cuMemHostRegister_v2(void* address, size_t bytes, unsigned) {
    if (CUresult error = enter("cuMemHostRegister_v2", Needs::CONTEXT)) return error;
    if (!address || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    register_pinned(address, bytes);
    return CUDA_SUCCESS;
}

CUDA_API cuMemHostUnregister(void* address) {
    if (CUresult error = enter("cuMemHostUnregister", Needs::CONTEXT)) return error;
    return unregister_pinned(address) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}
