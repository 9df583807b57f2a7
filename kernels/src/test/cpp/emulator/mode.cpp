#include "mode.h"

namespace emulator {

Mode mode() {
    return Mode::EMU_MODE;
}

}  // namespace emulator
