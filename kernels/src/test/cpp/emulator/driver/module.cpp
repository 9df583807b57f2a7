// Modules: the image is checked as the driver would check it, then the host build of the same kernels takes its place.
#include "driver/module.h"

#include <cstring>

#include "driver/context.h"
#include "driver/device.h"
#include "driver/entry.h"
#include "execution/kernel_library.h"
#include "report.h"
#include "settings.h"

namespace emulator {

namespace {

enum JitOption { INFO_LOG_BUFFER = 3, INFO_LOG_BYTES = 4, ERROR_LOG_BUFFER = 5, ERROR_LOG_BYTES = 6 };

constexpr unsigned char ELF_MAGIC[] = {0x7f, 'E', 'L', 'F'};
constexpr unsigned char FATBIN_MAGIC[] = {0x50, 0xed, 0x55, 0xba};

bool is_binary(const void* image) {
    return memcmp(image, ELF_MAGIC, 4) == 0 || memcmp(image, FATBIN_MAGIC, 4) == 0;
}

/** Whether this driver and device take the image; `why` says what is wrong with it. */
CUresult check_image(const PtxImage& image, std::string& why) {
    int newest = newest_ptx(settings().driver);
    if (image.version > newest) {
        why = text("ptxas: Unsupported .version %d.%d; current version is '%d.%d'", image.version / 10,
                   image.version % 10, newest / 10, newest % 10);
        return CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
    }
    int capability = settings().capability;
    if (image.exact ? image.target != capability : image.target > capability) {
        why = text("the image is for sm_%d%s, the device is sm_%d", image.target, image.exact ? "a" : "", capability);
        return image.exact ? CUDA_ERROR_NO_BINARY_FOR_GPU : CUDA_ERROR_INVALID_PTX;
    }
    return CUDA_SUCCESS;
}

CUresult load(CUmodule* module, const void* image, std::string& why) {
    if (!module || !image) return CUDA_ERROR_INVALID_VALUE;
    if (is_binary(image)) {
        why = "a cubin or fatbin: the emulated device takes PTX only";
        return CUDA_ERROR_NO_BINARY_FOR_GPU;
    }
    auto loaded = std::make_unique<Module>();
    loaded->context = current_context();
    if (!read_ptx(static_cast<const char*>(image), loaded->image)) {
        why = "the image is no PTX: it has no .version and .target";
        return CUDA_ERROR_INVALID_IMAGE;
    }
    if (CUresult error = check_image(loaded->image, why)) return error;
    *module = loaded.release();
    return CUDA_SUCCESS;
}

CUresult load_or_report(CUmodule* module, const void* image, std::string& why) {
    CUresult result = load(module, image, why);
    if (!why.empty()) {
        report("cuModuleLoadData: %s", why.c_str());
    }
    return result;
}

/** Where the caller wants the compiler's errors: the values are the buffer and its size, cast to pointers. */
void write_error_log(unsigned count, const int* options, void** values, const std::string& log) {
    char* buffer = nullptr;
    size_t bytes = 0;
    for (unsigned i = 0; i < count; i++) {
        if (options[i] == ERROR_LOG_BUFFER) buffer = static_cast<char*>(values[i]);
        if (options[i] == ERROR_LOG_BYTES) bytes = static_cast<unsigned>(reinterpret_cast<uintptr_t>(values[i]));
    }
    if (buffer && bytes > 0) {
        strncpy(buffer, log.c_str(), bytes - 1);
        buffer[bytes - 1] = '\0';
    }
}

/** Whether the host build takes the parameters that the image declares; if not, one of the two is stale. */
bool fits(const Kernel& kernel, const PtxEntry& entry) {
    bool same = static_cast<size_t>(kernel.parameter_count) == entry.parameter_bytes.size();
    for (int i = 0; same && i < kernel.parameter_count; i++) {
        same = kernel.parameter_sizes[i] == entry.parameter_bytes[static_cast<size_t>(i)];
    }
    if (!same) {
        report("entry %s of the PTX image has other parameters than the kernel in the source: the PTX is stale",
               entry.name.c_str());
    }
    return same;
}

CUresult make_function(Module* module, const char* name, std::unique_ptr<Function>& function) {
    const PtxEntry* entry = module->image.find(name);
    if (!entry) {
        report("cuModuleGetFunction: the image has no entry %s", name);
        return CUDA_ERROR_NOT_FOUND;
    }
    const Kernel* kernel = find_kernel(name);
    if (!kernel) {
        report("cuModuleGetFunction: the image has an entry %s, but no such kernel was built for the host", name);
        return CUDA_ERROR_NOT_FOUND;
    }
    if (!fits(*kernel, *entry)) return CUDA_ERROR_INVALID_IMAGE;
    function.reset(new Function{kernel, module, *entry, DEFAULT_SHARED_BYTES - entry->shared_bytes});
    return CUDA_SUCCESS;
}

}  // namespace

}  // namespace emulator

using namespace emulator;

CUDA_API cuModuleLoadData(CUmodule* module, const void* image) {
    if (CUresult error = enter("cuModuleLoadData", Needs::CONTEXT)) return error;
    std::string why;
    return load_or_report(module, image, why);
}

CUDA_API cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned count, int* options, void** values) {
    if (CUresult error = enter("cuModuleLoadDataEx", Needs::CONTEXT)) return error;
    std::string why;
    CUresult result = load_or_report(module, image, why);
    write_error_log(count, options, values, why);
    return result;
}

CUDA_API cuModuleLoadFatBinary(CUmodule* module, const void* image) {
    return cuModuleLoadData(module, image);
}

CUDA_API cuModuleUnload(CUmodule module) {
    if (CUresult error = enter("cuModuleUnload", Needs::CONTEXT)) return error;
    delete module;
    return CUDA_SUCCESS;
}

CUDA_API cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name) {
    if (CUresult error = enter("cuModuleGetFunction", Needs::CONTEXT)) return error;
    if (!function || !module || !name) return CUDA_ERROR_INVALID_VALUE;
    std::unique_ptr<Function>& known = module->functions[name];
    if (!known) {
        if (CUresult error = make_function(module, name, known)) {
            module->functions.erase(name);
            return error;
        }
    }
    *function = known.get();
    return CUDA_SUCCESS;
}
