#include "driver/device.h"

#include <cstdio>
#include <cstring>

#include "driver/entry.h"
#include "settings.h"

namespace emulator {

namespace {

// NVIDIA's table of technical specifications per compute capability: KiB of shared memory of an SM.
unsigned shared_kib_per_sm() {
    switch (settings().capability) {
        case 75:
            return 64;
        case 80:
        case 87:
            return 164;
        case 86:
        case 89:
        case 120:
            return 100;
        default:
            return 228;
    }
}

/** By the numbers of CUdevice_attribute. */
int attribute(int which) {
    switch (which) {
        case 1: return MAX_THREADS_PER_BLOCK;
        case 2: case 3: return 1024;                                     // block x, y
        case 4: return 64;                                               // block z
        case 5: return static_cast<int>(MAX_GRID_X);
        case 6: case 7: return MAX_GRID_YZ;
        case 8: return DEFAULT_SHARED_BYTES;
        case 9: return 65536;                                            // constant memory
        case 10: return 32;                                              // warp size
        case 12: return REGISTERS_PER_SM;                                // of a block
        case 13: return 1980000;                                         // kHz
        case 14: return 512;                                             // texture alignment
        case 15: return 1;                                               // GPU overlap
        case 16: return SM_COUNT;
        case 19: return 1;                                               // can map host memory
        case 31: return 1;                                               // concurrent kernels
        case 36: return 2619000;                                         // memory kHz
        case 37: return 5120;                                            // memory bus bits
        case 38: return 50 << 20;                                        // L2 bytes
        case 39: return MAX_THREADS_PER_SM;
        case 40: return 3;                                               // copy engines
        case 41: return 1;                                               // unified addressing
        case 75: return settings().capability / 10;
        case 76: return settings().capability % 10;
        case 78: return 1;                                               // stream priorities
        case 81: return static_cast<int>(shared_per_sm());
        case 82: return REGISTERS_PER_SM;                                // of an SM
        case 95: return 1;                                               // cooperative launch
        case 97: return static_cast<int>(max_shared_per_block());
        case 106: return MAX_BLOCKS_PER_SM;
        case 111: return RESERVED_SHARED_BYTES;
        case 115: return 0;                                              // memory pools
        default: return 0;
    }
}

}  // namespace

unsigned shared_per_sm() {
    return shared_kib_per_sm() << 10;
}

unsigned max_shared_per_block() {
    return shared_per_sm() - RESERVED_SHARED_BYTES;
}

}  // namespace emulator

using namespace emulator;

CUDA_API cuInit(unsigned flags) {
    if (CUresult error = enter("cuInit", Needs::NOTHING)) return error;
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    set_initialized();
    return CUDA_SUCCESS;
}

CUDA_API cuDriverGetVersion(int* version) {
    if (CUresult error = enter("cuDriverGetVersion", Needs::NOTHING)) return error;
    if (!version) return CUDA_ERROR_INVALID_VALUE;
    *version = settings().driver;
    return CUDA_SUCCESS;
}

CUDA_API cuDeviceGetCount(int* count) {
    if (CUresult error = enter("cuDeviceGetCount", Needs::INIT)) return error;
    if (!count) return CUDA_ERROR_INVALID_VALUE;
    *count = static_cast<int>(settings().devices);
    return CUDA_SUCCESS;
}

CUDA_API cuDeviceGet(CUdevice* device, int ordinal) {
    if (CUresult error = enter("cuDeviceGet", Needs::INIT)) return error;
    if (ordinal < 0 || ordinal >= static_cast<int>(settings().devices)) return CUDA_ERROR_INVALID_DEVICE;
    *device = ordinal;
    return CUDA_SUCCESS;
}

CUDA_API cuDeviceGetName(char* name, int bytes, CUdevice) {
    if (CUresult error = enter("cuDeviceGetName", Needs::INIT)) return error;
    snprintf(name, static_cast<size_t>(bytes), "Emulated CUDA device");
    return CUDA_SUCCESS;
}

CUDA_API cuDeviceTotalMem_v2(size_t* bytes, CUdevice) {
    if (CUresult error = enter("cuDeviceTotalMem_v2", Needs::INIT)) return error;
    *bytes = settings().memory;
    return CUDA_SUCCESS;
}

CUDA_API cuDeviceComputeCapability(int* major, int* minor, CUdevice) {
    if (CUresult error = enter("cuDeviceComputeCapability", Needs::INIT)) return error;
    *major = settings().capability / 10;
    *minor = settings().capability % 10;
    return CUDA_SUCCESS;
}

CUDA_API cuDeviceGetAttribute(int* value, int which, CUdevice) {
    if (CUresult error = enter("cuDeviceGetAttribute", Needs::INIT)) return error;
    if (!value) return CUDA_ERROR_INVALID_VALUE;
    *value = attribute(which);
    return CUDA_SUCCESS;
}

CUDA_API cuDeviceGetUuid(char* uuid, CUdevice) {
    if (CUresult error = enter("cuDeviceGetUuid", Needs::INIT)) return error;
    memset(uuid, 0, 16);
    return CUDA_SUCCESS;
}

CUDA_API cuDeviceGetPCIBusId(char* id, int bytes, CUdevice) {
    if (CUresult error = enter("cuDeviceGetPCIBusId", Needs::INIT)) return error;
    snprintf(id, static_cast<size_t>(bytes), "0000:00:00.0");
    return CUDA_SUCCESS;
}
