// Functions of the driver that JCuda lacks; Java calls them through JNA or java.lang.foreign.
#include <cstring>

#include "driver/entry.h"
#include "execution/bulk_copies.h"

namespace emulator {

namespace {

constexpr size_t TENSOR_MAP_BYTES = 128;
constexpr size_t TENSOR_MAP_ALIGNMENT = 64;
constexpr unsigned MOST_BOX = 256;

/** Bytes of an element, by the numbers of CUtensorMapDataType; 0 for those not known here. */
unsigned element_bytes(int type) {
    constexpr unsigned BYTES[] = {1, 2, 4, 4, 8, 8, 2, 4, 8, 2};
    return type >= 0 && type < static_cast<int>(sizeof BYTES / sizeof *BYTES) ? BYTES[type] : 0;
}

}  // namespace

}  // namespace emulator

using namespace emulator;

CUDA_API cuTensorMapEncodeTiled(void* target, int type, unsigned rank, void* address, const uint64_t* size,
                                const uint64_t* stride, const unsigned* box, const unsigned* element_stride,
                                int interleave, int swizzle, int, int) {
    if (CUresult error = enter("cuTensorMapEncodeTiled", Needs::CONTEXT)) return error;
    bool aligned = reinterpret_cast<uintptr_t>(target) % TENSOR_MAP_ALIGNMENT == 0 &&
                   reinterpret_cast<uintptr_t>(address) % 16 == 0;
    if (!target || !aligned || rank < 1 || rank > TensorMap::MOST_RANKS || !element_bytes(type) || interleave != 0) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    if (swizzle != 0 && swizzle != 3) return CUDA_ERROR_NOT_SUPPORTED;
    TensorMap map{};
    map.magic = TensorMap::MAGIC;
    map.rank = rank;
    map.element_bytes = element_bytes(type);
    map.swizzle = static_cast<unsigned>(swizzle);
    map.address = reinterpret_cast<uint64_t>(address);
    for (unsigned i = 0; i < rank; i++) {
        if (box[i] == 0 || box[i] > MOST_BOX || element_stride[i] != 1) return CUDA_ERROR_INVALID_VALUE;
        if (i + 1 < rank && stride[i] % 16 != 0) return CUDA_ERROR_INVALID_VALUE;
        map.size[i] = size[i];
        map.box[i] = static_cast<uint16_t>(box[i]);
        if (i + 1 < rank) map.stride[i] = stride[i];
    }
    unsigned row_bytes = map.box[0] * map.element_bytes;
    if (row_bytes % 16 != 0 || (swizzle == 3 && row_bytes > 128)) return CUDA_ERROR_INVALID_VALUE;
    memset(target, 0, TENSOR_MAP_BYTES);
    memcpy(target, &map, sizeof map);
    return CUDA_SUCCESS;
}
