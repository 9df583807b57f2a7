// Kernels compiled for the host: one shared library for each .cu file, in folders beside libcuda.so.1.
#pragma once

#include <string>
#include <vector>

#include "device/abi.h"
#include "execution/elf_symbols.h"

namespace emulator {

struct KernelLibrary {
    std::string path;
    const char* begin = nullptr;  // of everything that is loaded: code, constants
    const char* end = nullptr;
    const char* code_begin = nullptr;
    const char* code_end = nullptr;
    std::vector<SharedVariable> shared_variables;

    bool contains(const void* address) const { return address >= begin && address < end; }
    bool contains_code(const void* address) const { return address >= code_begin && address < code_end; }

    /** "16 bytes into shared variable tile (1024 bytes)", of an offset in the thread-local segment. */
    std::string describe_shared(size_t offset) const;
};

/** Loads all libraries of a folder, once. Answers with what is wrong, or "". */
std::string load_kernels(const std::string& folder);

/** The kernel of this name, or null. Loads the folder "kernels" beside libcuda.so.1 first. */
const Kernel* find_kernel(const std::string& name);

const KernelLibrary& library_of(const Kernel& kernel);

/** The folder of libcuda.so.1 itself. */
std::string own_folder();

}  // namespace emulator
