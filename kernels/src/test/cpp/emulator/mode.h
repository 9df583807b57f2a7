// Which of the three builds this is. Only mode.cpp is compiled for each; the kernels beside it fit.
#pragma once

namespace emulator {

enum class Mode {
    PLAIN,    // fast: shuffled order, poison, guard pages
    CHECKED,  // every access to memory is looked at
    COUNTED,  // every access and every floating-point operation is counted
};

Mode mode();

}  // namespace emulator
