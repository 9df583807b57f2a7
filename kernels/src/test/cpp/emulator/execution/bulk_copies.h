// Copies by the bulk copy engine (cp.async.bulk, TMA) and the barriers in shared memory (mbarrier) at which they land. A
// copy is done when somebody waits at its barrier; until then its target is poison.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emulator {

/** What the 128 bytes of a CUtensorMap are here; NVIDIA's own layout is not documented. */
struct TensorMap {
    static constexpr uint32_t MAGIC = 0x70616D54;
    static constexpr unsigned MOST_RANKS = 5;

    uint32_t magic;
    uint32_t rank;
    uint32_t element_bytes;
    uint32_t swizzle;  // 0: none, 3: pieces of 16 bytes within 128
    uint64_t address;
    uint64_t size[MOST_RANKS];
    uint64_t stride[MOST_RANKS - 1];  // bytes
    uint16_t box[MOST_RANKS];
};
static_assert(sizeof(TensorMap) <= 128, "a CUtensorMap has 128 bytes");

/** The bulk copies of one block that have not landed. */
class BulkCopies {
public:
    /** One row of a copy: `present` bytes are read at `global` and the rest of `bytes` is zero. */
    struct Piece {
        char* shared;
        const char* global;
        unsigned bytes;
        unsigned present;
    };

    void start(unsigned barrier, std::vector<Piece> pieces, const void* pc);

    /** Does what is to land at this barrier. */
    void land(unsigned barrier);

    void clear() { copies_.clear(); }

private:
    struct Copy {
        unsigned barrier;
        std::vector<Piece> pieces;
        const void* pc;
    };
    std::vector<Copy> copies_;
};

}  // namespace emulator
