#include "execution/shared_memory.h"

#include <link.h>

#include <cstring>

namespace emulator {

namespace {

struct SegmentSearch {
    const char* inside;
    SharedMemory found;
};

int look_at_library(dl_phdr_info* info, size_t, void* data) {
    SegmentSearch* search = static_cast<SegmentSearch*>(data);
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        char* base = static_cast<char*>(info->dlpi_tls_data);
        if (header.p_type == PT_TLS && base && search->inside >= base && search->inside < base + header.p_memsz) {
            search->found.base = base;
            search->found.bytes = header.p_memsz;
            return 1;
        }
    }
    return 0;
}

}  // namespace

SharedMemory SharedMemory::of(const Kernel& kernel) {
    SegmentSearch search{static_cast<const char*>(kernel.shared_anchor()), {}};
    dl_iterate_phdr(look_at_library, &search);
    search.found.dynamic = static_cast<char*>(kernel.dynamic_shared ? kernel.dynamic_shared() : nullptr);
    return search.found;
}

void SharedMemory::poison(size_t dynamic_bytes) const {
    if (!dynamic) {
        memset(base, POISON, bytes);
        return;
    }
    char* end_of_dynamic = dynamic + MAX_DYNAMIC_SHARED;
    memset(base, POISON, static_cast<size_t>(dynamic - base));
    memset(dynamic, POISON, dynamic_bytes);
    memset(end_of_dynamic, POISON, static_cast<size_t>(base + bytes - end_of_dynamic));
}

}  // namespace emulator
