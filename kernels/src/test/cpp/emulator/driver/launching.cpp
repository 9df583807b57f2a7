// Launches, and what functions say of themselves.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <vector>

#include "counting/counters.h"
#include "driver/context.h"
#include "driver/device.h"
#include "driver/entry.h"
#include "driver/guarded_copy.h"
#include "driver/module.h"
#include "driver/stream.h"
#include "execution/launch.h"
#include "report.h"

namespace emulator {

namespace {

std::atomic<uint64_t> launches{0};

/** The values of a launch's parameters, copied when it is submitted. */
class Parameters {
public:
    /** False if the caller gave fewer pointers than the kernel takes, as far as that can be seen. */
    bool copy(const Kernel& kernel, void** values) {
        for (int i = 0; i < kernel.parameter_count; i++) {
            std::vector<char> value(kernel.parameter_sizes[i]);
            void* source = nullptr;
            if (!values || !guarded_copy(&source, values + i, sizeof source) || !source ||
                !guarded_copy(value.data(), source, value.size())) {
                report("launch of %s: parameter %d of %d is missing", kernel.name, i + 1, kernel.parameter_count);
                return false;
            }
            values_.push_back(std::move(value));
        }
        return true;
    }

    std::vector<void*> pointers() {
        std::vector<void*> all;
        for (std::vector<char>& value : values_) {
            all.push_back(value.data());
        }
        all.push_back(nullptr);
        return all;
    }

private:
    std::vector<std::vector<char>> values_;
};

bool is_launchable(const Function& f, dim3 grid, dim3 block, unsigned dynamic_shared) {
    const char* name = f.kernel->name;
    uint64_t threads = uint64_t{block.x} * block.y * block.z;
    if (!grid.x || !grid.y || !grid.z || grid.x > MAX_GRID_X || grid.y > MAX_GRID_YZ || grid.z > MAX_GRID_YZ) {
        report("launch of %s: grid (%u,%u,%u) has an extent of zero or above the limit", name, grid.x, grid.y, grid.z);
        return false;
    }
    if (threads == 0 || threads > f.max_threads() || block.z > 64) {
        report("launch of %s: block (%u,%u,%u) has %llu threads, the kernel takes 1 to %u", name, block.x, block.y,
               block.z, static_cast<unsigned long long>(threads), f.max_threads());
        return false;
    }
    if (dynamic_shared > f.max_dynamic_shared) {
        report("launch of %s: %u bytes of dynamic shared memory, the function's limit is %u (cuFuncSetAttribute)", name,
               dynamic_shared, f.max_dynamic_shared);
        return false;
    }
    return true;
}

CUresult submit_launch(const Function& f, dim3 grid, dim3 block, unsigned dynamic_shared, Stream* stream,
                       Parameters parameters) {
    return stream->submit([kernel = f.kernel, grid, block, dynamic_shared, parameters, stream]() mutable {
        std::vector<void*> pointers = parameters.pointers();
        counters_of(kernel->name).launches++;
        Fault fault = run_to_end({kernel, grid, block, dynamic_shared, pointers.data(), ++launches});
        if (fault != NO_FAULT) {
            stream->context()->lost = static_cast<CUresult>(fault);
        }
        return stream->context()->lost;
    });
}

/** How many blocks of this size an SM holds, by threads, blocks and shared memory. Registers are not known here. */
unsigned blocks_per_sm(const Function& f, unsigned threads, size_t dynamic_shared) {
    unsigned warps = (threads + WARP_SIZE - 1) / WARP_SIZE;
    size_t shared = f.entry.shared_bytes + dynamic_shared + RESERVED_SHARED_BYTES;
    unsigned by_warps = warps ? MAX_THREADS_PER_SM / WARP_SIZE / warps : 0;
    unsigned by_shared = static_cast<unsigned>(shared_per_sm() / shared);
    return std::min({by_warps, by_shared, MAX_BLOCKS_PER_SM});
}

enum FunctionAttribute {
    MAX_THREADS = 0,
    STATIC_SHARED = 1,
    CONSTANT_BYTES = 2,
    LOCAL_BYTES = 3,
    REGISTERS = 4,
    PTX_VERSION = 5,
    BINARY_VERSION = 6,
    MAX_DYNAMIC_SHARED_BYTES = 8,
    PREFERRED_CARVEOUT = 9,
};

}  // namespace

}  // namespace emulator

using namespace emulator;

CUDA_API cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                        unsigned block_y, unsigned block_z, unsigned dynamic_shared, CUstream stream, void** values,
                        void** extra) {
    if (CUresult error = enter("cuLaunchKernel", Needs::CONTEXT)) return error;
    if (!function || !is_stream(stream)) return CUDA_ERROR_INVALID_HANDLE;
    if (extra) return CUDA_ERROR_NOT_SUPPORTED;
    dim3 grid(grid_x, grid_y, grid_z);
    dim3 block(block_x, block_y, block_z);
    if (!is_launchable(*function, grid, block, dynamic_shared)) return CUDA_ERROR_INVALID_VALUE;
    Parameters parameters;
    if (!parameters.copy(*function->kernel, values)) return CUDA_ERROR_INVALID_VALUE;
    return submit_launch(*function, grid, block, dynamic_shared, stream_of(stream), std::move(parameters));
}

CUDA_API cuFuncSetAttribute(CUfunction function, int attribute, int value) {
    if (CUresult error = enter("cuFuncSetAttribute", Needs::CONTEXT)) return error;
    if (!function) return CUDA_ERROR_INVALID_HANDLE;
    if (attribute == PREFERRED_CARVEOUT) return CUDA_SUCCESS;
    if (attribute != MAX_DYNAMIC_SHARED_BYTES) return CUDA_ERROR_INVALID_VALUE;
    if (value < 0 || static_cast<unsigned>(value) + function->entry.shared_bytes > max_shared_per_block()) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    function->max_dynamic_shared = static_cast<unsigned>(value);
    return CUDA_SUCCESS;
}

CUDA_API cuFuncSetCacheConfig(CUfunction, int) {
    return enter("cuFuncSetCacheConfig", Needs::CONTEXT);
}

CUDA_API cuFuncGetAttribute(int* value, int attribute, CUfunction function) {
    if (CUresult error = enter("cuFuncGetAttribute", Needs::CONTEXT)) return error;
    if (!value || !function) return CUDA_ERROR_INVALID_VALUE;
    switch (attribute) {
        case MAX_THREADS: *value = static_cast<int>(function->max_threads()); break;
        case STATIC_SHARED: *value = static_cast<int>(function->entry.shared_bytes); break;
        case PTX_VERSION: *value = function->module->image.version; break;
        case BINARY_VERSION: *value = function->module->image.target; break;
        case MAX_DYNAMIC_SHARED_BYTES: *value = static_cast<int>(function->max_dynamic_shared); break;
        case CONSTANT_BYTES: case LOCAL_BYTES: case REGISTERS: *value = 0; break;  // only an assembler knows them
        default: return CUDA_ERROR_INVALID_VALUE;
    }
    return CUDA_SUCCESS;
}

CUDA_API cuFuncGetModule(CUmodule* module, CUfunction function) {
    if (CUresult error = enter("cuFuncGetModule", Needs::CONTEXT)) return error;
    if (!module || !function) return CUDA_ERROR_INVALID_VALUE;
    *module = function->module;
    return CUDA_SUCCESS;
}

CUDA_API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, CUfunction function, int threads, size_t dynamic) {
    if (CUresult error = enter("cuOccupancyMaxActiveBlocksPerMultiprocessor", Needs::CONTEXT)) return error;
    if (!blocks || !function || threads <= 0) return CUDA_ERROR_INVALID_VALUE;
    *blocks = static_cast<int>(blocks_per_sm(*function, static_cast<unsigned>(threads), dynamic));
    return CUDA_SUCCESS;
}

CUDA_API cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, CUfunction function, int threads,
                                                              size_t dynamic, unsigned) {
    return cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, function, threads, dynamic);
}

CUDA_API cuOccupancyAvailableDynamicSMemPerBlock(size_t* bytes, CUfunction function, int blocks, int) {
    if (CUresult error = enter("cuOccupancyAvailableDynamicSMemPerBlock", Needs::CONTEXT)) return error;
    if (!bytes || !function || blocks <= 0) return CUDA_ERROR_INVALID_VALUE;
    size_t each = shared_per_sm() / static_cast<size_t>(blocks);
    size_t fixed = function->entry.shared_bytes + RESERVED_SHARED_BYTES;
    *bytes = each > fixed ? std::min<size_t>(each - fixed, max_shared_per_block()) : 0;
    return CUDA_SUCCESS;
}
