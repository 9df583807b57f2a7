#include "counting/counters.h"

#include <map>
#include <mutex>

#include "report.h"

namespace emulator {

namespace {

std::mutex mutex;
std::map<std::string, KernelCounters> counters;

struct Field {
    const char* name;
    uint64_t KernelCounters::*value;
};

constexpr Field FIELDS[] = {
    {"launches", &KernelCounters::launches},
    {"blocks", &KernelCounters::blocks},
    {"threads", &KernelCounters::threads},
    {"operations", &KernelCounters::operations},
    {"functions", &KernelCounters::functions},
    {"matrixOperations", &KernelCounters::matrix_operations},
    {"barriers", &KernelCounters::barriers},
    {"collectives", &KernelCounters::collectives},
    {"atomics", &KernelCounters::atomics},
    {"readRequests", &KernelCounters::read_requests},
    {"readBytes", &KernelCounters::read_bytes},
    {"readSectors", &KernelCounters::read_sectors},
    {"writeRequests", &KernelCounters::write_requests},
    {"writeBytes", &KernelCounters::write_bytes},
    {"writeSectors", &KernelCounters::write_sectors},
    {"sharedRequests", &KernelCounters::shared_requests},
    {"sharedBytes", &KernelCounters::shared_bytes},
    {"sharedWavefronts", &KernelCounters::shared_wavefronts},
    {"sharedConflicts", &KernelCounters::shared_conflicts},
};

std::string as_json(const KernelCounters& c) {
    std::string json = "{";
    for (const Field& field : FIELDS) {
        json += text("%s\"%s\":%llu", json.size() > 1 ? "," : "", field.name,
                     static_cast<unsigned long long>(c.*field.value));
    }
    return json + "}";
}

}  // namespace

KernelCounters& counters_of(const std::string& kernel) {
    std::lock_guard<std::mutex> lock(mutex);
    return counters[kernel];
}

std::string counters_as_json() {
    std::lock_guard<std::mutex> lock(mutex);
    std::string json = "{";
    for (auto& [kernel, c] : counters) {
        if (c.launches > 0) {
            json += text("%s\"%s\":%s", json.size() > 1 ? "," : "", kernel.c_str(), as_json(c).c_str());
        }
    }
    return json + "}";
}

void reset_counters() {
    std::lock_guard<std::mutex> lock(mutex);
    for (auto& [kernel, c] : counters) {
        c = KernelCounters();  // in place: a launch may hold a reference
    }
}

}  // namespace emulator
