#include "driver/entry.h"

#include <map>
#include <mutex>
#include <string>

#include "driver/context.h"
#include "report.h"

namespace emulator {

namespace {

struct Planted {
    unsigned calls_left;
    CUresult result;
};

std::mutex mutex;
bool initialized = false;
std::map<std::string, uint64_t> calls;
std::map<std::string, Planted> planted;

CUresult planted_failure(const char* function) {
    std::lock_guard<std::mutex> lock(mutex);
    calls[function]++;
    auto found = planted.find(function);
    if (found == planted.end() || --found->second.calls_left > 0) {
        return CUDA_SUCCESS;
    }
    CUresult result = found->second.result;
    planted.erase(found);
    return result;
}

}  // namespace

CUresult enter(const char* function, Needs needs) {
    if (CUresult error = planted_failure(function)) {
        return error;
    }
    if (needs == Needs::NOTHING) {
        return CUDA_SUCCESS;
    }
    if (!initialized) {
        return CUDA_ERROR_NOT_INITIALIZED;
    }
    if (needs == Needs::INIT) {
        return CUDA_SUCCESS;
    }
    Context* context = current_context();
    return context ? context->lost : CUDA_ERROR_INVALID_CONTEXT;
}

void plant_failure(const char* function, unsigned nth, CUresult result) {
    std::lock_guard<std::mutex> lock(mutex);
    planted[function] = {nth, result};
}

void clear_planted_failures() {
    std::lock_guard<std::mutex> lock(mutex);
    planted.clear();
}

std::string calls_as_json() {
    std::lock_guard<std::mutex> lock(mutex);
    std::string json = "{";
    for (auto& [function, count] : calls) {
        json += text("%s\"%s\":%llu", json.size() > 1 ? "," : "", function.c_str(),
                     static_cast<unsigned long long>(count));
    }
    return json + "}";
}

void reset_calls() {
    std::lock_guard<std::mutex> lock(mutex);
    calls.clear();
}

void set_initialized() {
    initialized = true;
}

}  // namespace emulator
