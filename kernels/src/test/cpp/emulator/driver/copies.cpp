// Copies and fills. A range that does not lie in one allocation is an error, as it is for the driver.
#include <cstring>

#include "checking/shadow.h"
#include "driver/entry.h"
#include "driver/pinned.h"
#include "driver/stream.h"
#include "memory/device_memory.h"
#include "report.h"
#include "settings.h"

namespace emulator {

namespace {

bool is_allocated(const char* what, CUdeviceptr address, size_t bytes) {
    if (device_memory().holds(address, bytes)) {
        return true;
    }
    report("%s of %zu bytes at %p, %s: it does not lie in one allocation", what, bytes,
           reinterpret_cast<void*>(address), device_memory().describe(address).c_str());
    return false;
}

CUresult host_to_device(CUdeviceptr to, const void* from, size_t bytes) {
    if (!is_allocated("copy to the device", to, bytes)) return CUDA_ERROR_INVALID_VALUE;
    memcpy(reinterpret_cast<void*>(to), from, bytes);
    shadow_written(to, bytes);
    return CUDA_SUCCESS;
}

CUresult device_to_host(void* to, CUdeviceptr from, size_t bytes) {
    if (!is_allocated("copy from the device", from, bytes)) return CUDA_ERROR_INVALID_VALUE;
    if (uintptr_t unwritten = shadow_unwritten(from, bytes)) {
        report("copy of %zu bytes from the device: %s has never been written", bytes,
               device_memory().describe(unwritten).c_str());
        return CUDA_ERROR_INVALID_VALUE;
    }
    memcpy(to, reinterpret_cast<void*>(from), bytes);
    return CUDA_SUCCESS;
}

CUresult device_to_device(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
    if (!is_allocated("copy on the device, target", to, bytes)) return CUDA_ERROR_INVALID_VALUE;
    if (!is_allocated("copy on the device, source", from, bytes)) return CUDA_ERROR_INVALID_VALUE;
    memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
    shadow_copied(to, from, bytes);
    return CUDA_SUCCESS;
}

template <class Element>
CUresult fill(CUdeviceptr to, Element value, size_t count) {
    if (to % sizeof(Element) != 0) return CUDA_ERROR_INVALID_VALUE;
    if (!is_allocated("fill", to, count * sizeof(Element))) return CUDA_ERROR_INVALID_VALUE;
    Element* elements = reinterpret_cast<Element*>(to);
    for (size_t i = 0; i < count; i++) {
        elements[i] = value;
    }
    shadow_written(to, count * sizeof(Element));
    return CUDA_SUCCESS;
}

/** An asynchronous copy goes by the raw address: the garbage collector may move what is not pinned. */
bool may_be_asynchronous(const char* function, const void* host, size_t bytes) {
    if (settings().pageable || is_pinned(host, bytes)) {
        return true;
    }
    report("%s of %zu bytes with host memory at %p that is not pinned (cuMemHostAlloc, cuMemHostRegister)", function,
           bytes, host);
    return false;
}

CUresult submit(CUstream stream, Work work) {
    return is_stream(stream) ? stream_of(stream)->submit(std::move(work)) : CUDA_ERROR_INVALID_HANDLE;
}

/** Synchronous calls go through the default stream, after which the host may go on. */
CUresult at_once(Work work) {
    if (CUresult error = refuse_while_capturing()) return error;
    return stream_of(nullptr)->submit(std::move(work));
}

}  // namespace

}  // namespace emulator

using namespace emulator;

CUDA_API cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t bytes) {
    if (CUresult error = enter("cuMemcpyHtoD_v2", Needs::CONTEXT)) return error;
    return at_once([=] { return host_to_device(to, from, bytes); });
}

CUDA_API cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t bytes) {
    if (CUresult error = enter("cuMemcpyDtoH_v2", Needs::CONTEXT)) return error;
    return at_once([=] { return device_to_host(to, from, bytes); });
}

CUDA_API cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
    if (CUresult error = enter("cuMemcpyDtoD_v2", Needs::CONTEXT)) return error;
    return at_once([=] { return device_to_device(to, from, bytes); });
}

CUDA_API cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, CUstream stream) {
    if (CUresult error = enter("cuMemcpyHtoDAsync_v2", Needs::CONTEXT)) return error;
    if (!may_be_asynchronous("cuMemcpyHtoDAsync", from, bytes)) return CUDA_ERROR_INVALID_VALUE;
    return submit(stream, [=] { return host_to_device(to, from, bytes); });
}

CUDA_API cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, CUstream stream) {
    if (CUresult error = enter("cuMemcpyDtoHAsync_v2", Needs::CONTEXT)) return error;
    if (!may_be_asynchronous("cuMemcpyDtoHAsync", to, bytes)) return CUDA_ERROR_INVALID_VALUE;
    return submit(stream, [=] { return device_to_host(to, from, bytes); });
}

CUDA_API cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
    if (CUresult error = enter("cuMemcpyDtoDAsync_v2", Needs::CONTEXT)) return error;
    return submit(stream, [=] { return device_to_device(to, from, bytes); });
}

CUDA_API cuMemsetD8_v2(CUdeviceptr to, unsigned char value, size_t count) {
    if (CUresult error = enter("cuMemsetD8_v2", Needs::CONTEXT)) return error;
    return at_once([=] { return fill(to, value, count); });
}

CUDA_API cuMemsetD16_v2(CUdeviceptr to, unsigned short value, size_t count) {
    if (CUresult error = enter("cuMemsetD16_v2", Needs::CONTEXT)) return error;
    return at_once([=] { return fill(to, value, count); });
}

CUDA_API cuMemsetD32_v2(CUdeviceptr to, unsigned value, size_t count) {
    if (CUresult error = enter("cuMemsetD32_v2", Needs::CONTEXT)) return error;
    return at_once([=] { return fill(to, value, count); });
}

CUDA_API cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t count, CUstream stream) {
    if (CUresult error = enter("cuMemsetD8Async", Needs::CONTEXT)) return error;
    return submit(stream, [=] { return fill(to, value, count); });
}

CUDA_API cuMemsetD16Async(CUdeviceptr to, unsigned short value, size_t count, CUstream stream) {
    if (CUresult error = enter("cuMemsetD16Async", Needs::CONTEXT)) return error;
    return submit(stream, [=] { return fill(to, value, count); });
}

CUDA_API cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t count, CUstream stream) {
    if (CUresult error = enter("cuMemsetD32Async", Needs::CONTEXT)) return error;
    return submit(stream, [=] { return fill(to, value, count); });
}
