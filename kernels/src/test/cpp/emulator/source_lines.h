// Addresses of machine code as lines of source, for reports.
#pragma once

#include <string>

namespace emulator {

/** "layer_norm.cu:57", by addr2line; "kernels.so+0x1234" where that program is missing. */
std::string source_line(const void* program_counter);

}  // namespace emulator
