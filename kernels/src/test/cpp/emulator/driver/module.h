// Modules and functions.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "device/abi.h"
#include "driver/cuda_types.h"
#include "driver/ptx.h"

namespace emulator {

struct Function {
    const Kernel* kernel;
    Module* module;
    PtxEntry entry;
    unsigned max_dynamic_shared;

    unsigned max_threads() const { return entry.max_threads ? entry.max_threads : 1024; }
};

struct Module {
    PtxImage image;
    Context* context;
    std::map<std::string, std::unique_ptr<Function>> functions;
};

}  // namespace emulator
