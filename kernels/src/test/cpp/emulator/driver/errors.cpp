// Names and texts of errors. The text of an error that a kernel died of carries the report: whoever shows the one, shows
// the other.
#include <set>
#include <string>

#include "driver/cuda_types.h"
#include "report.h"

namespace emulator {

namespace {

struct Row {
    CUresult result;
    const char* name;
    const char* text;
};

#define ERROR_ROW(name, text) \
    { name, #name, text }

constexpr Row ROWS[] = {
    ERROR_ROW(CUDA_SUCCESS, "no error"),
    ERROR_ROW(CUDA_ERROR_INVALID_VALUE, "invalid argument"),
    ERROR_ROW(CUDA_ERROR_OUT_OF_MEMORY, "out of memory"),
    ERROR_ROW(CUDA_ERROR_NOT_INITIALIZED, "initialization error"),
    ERROR_ROW(CUDA_ERROR_INVALID_DEVICE, "invalid device ordinal"),
    ERROR_ROW(CUDA_ERROR_INVALID_IMAGE, "device kernel image is invalid"),
    ERROR_ROW(CUDA_ERROR_INVALID_CONTEXT, "invalid device context"),
    ERROR_ROW(CUDA_ERROR_NO_BINARY_FOR_GPU, "no kernel image is available for execution on the device"),
    ERROR_ROW(CUDA_ERROR_INVALID_PTX, "a PTX JIT compilation failed"),
    ERROR_ROW(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "the provided PTX was compiled with an unsupported toolchain"),
    ERROR_ROW(CUDA_ERROR_INVALID_HANDLE, "invalid resource handle"),
    ERROR_ROW(CUDA_ERROR_ILLEGAL_STATE, "the operation cannot be performed in the present state"),
    ERROR_ROW(CUDA_ERROR_NOT_FOUND, "named symbol not found"),
    ERROR_ROW(CUDA_ERROR_NOT_READY, "device not ready"),
    ERROR_ROW(CUDA_ERROR_ILLEGAL_ADDRESS, "an illegal memory access was encountered"),
    ERROR_ROW(CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, "too many resources requested for launch"),
    ERROR_ROW(CUDA_ERROR_LAUNCH_TIMEOUT, "the launch timed out and was terminated"),
    ERROR_ROW(CUDA_ERROR_MISALIGNED_ADDRESS, "misaligned address"),
    ERROR_ROW(CUDA_ERROR_LAUNCH_FAILED, "unspecified launch failure"),
    ERROR_ROW(CUDA_ERROR_NOT_SUPPORTED, "operation not supported"),
    ERROR_ROW(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "operation not permitted when stream is capturing"),
    ERROR_ROW(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, "operation failed due to a previous error during capture"),
    ERROR_ROW(CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, "the capture was not begun in this stream"),
    ERROR_ROW(CUDA_ERROR_UNKNOWN, "unknown error"),
};

const Row* find_row(int result) {
    for (const Row& row : ROWS) {
        if (row.result == result) {
            return &row;
        }
    }
    return nullptr;
}

bool is_of_a_kernel(int result) {
    return result >= CUDA_ERROR_ILLEGAL_ADDRESS && result <= CUDA_ERROR_LAUNCH_FAILED;
}

/** Texts handed out must live on: each is kept once. */
const char* keep(const std::string& text) {
    static std::set<std::string>* texts = new std::set<std::string>;
    return texts->insert(text).first->c_str();
}

}  // namespace

}  // namespace emulator

using namespace emulator;

CUDA_API cuGetErrorName(int result, const char** name) {
    const Row* row = find_row(result);
    *name = row ? row->name : nullptr;
    return row ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUDA_API cuGetErrorString(int result, const char** text) {
    const Row* row = find_row(result);
    *text = row ? row->text : nullptr;
    std::string story = kept_report();
    if (row && is_of_a_kernel(result) && !story.empty()) {
        *text = keep(std::string(row->text) + ": " + story);
    }
    return row ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}
