// What the emulator reads of a PTX image: the device runs the host build of the same source, and the image must fit it.
#pragma once

#include <string>
#include <vector>

namespace emulator {

struct PtxEntry {
    std::string name;
    std::vector<unsigned> parameter_bytes;
    unsigned max_threads = 0;    // of .maxntid; 0: not limited
    unsigned shared_bytes = 0;   // of its static variables
};

struct PtxImage {
    int version = 0;     // 10 * major + minor of .version
    int target = 0;      // 80 of "sm_80"
    bool exact = false;  // "sm_90a": for this capability only
    std::vector<PtxEntry> entries;

    const PtxEntry* find(const std::string& name) const;
};

/** Reads the text; false if it is not PTX. */
bool read_ptx(const char* text, PtxImage& image);

/** The newest PTX version that a driver knows (10 * major + minor), for a driver version as cuDriverGetVersion tells it. */
int newest_ptx(int driver_version);

}  // namespace emulator
