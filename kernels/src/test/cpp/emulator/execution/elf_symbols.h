// The names of a library's thread-local variables, that is, of its kernels' shared memory: for reports.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace emulator {

struct SharedVariable {
    size_t offset;  // in the thread-local segment
    size_t bytes;
    std::string name;
};

/** Those of the library file, by offset; none if it cannot be read. */
std::vector<SharedVariable> shared_variables_of(const std::string& path);

}  // namespace emulator
