#include "execution/bulk_copies.h"

#include <cstring>

#include "checking/hooks.h"
#include "execution/block.h"
#include "report.h"

namespace emulator {

namespace {

/** An mbarrier: eight bytes in shared memory. The phase flips when nobody and nothing is awaited any more. */
struct Barrier {
    uint16_t count;    // arrivals that a phase takes
    uint16_t pending;  // those still to come
    int32_t bytes : 31;  // announced and not landed; negative while they land before they are announced
    uint32_t phase : 1;

    void flip_if_complete() {
        if (pending == 0 && bytes == 0) {
            pending = count;
            phase ^= 1;
        }
    }
};
static_assert(sizeof(Barrier) == 8, "an mbarrier has eight bytes");

constexpr uint16_t MOST_ARRIVALS = 0x7FFF;

char* shared_byte(unsigned address) {
    return current_runner->shared().base + address;
}

[[noreturn]] void refuse(const std::string& why, Fault fault = LAUNCH_FAILED) {
    report("%s: %s", current_runner->where().c_str(), why.c_str());
    current_runner->fail(fault);
}

Barrier& barrier_at(unsigned address) {
    Barrier& barrier = *reinterpret_cast<Barrier*>(shared_byte(address));
    if (address % 8 != 0 || barrier.count > MOST_ARRIVALS) {
        refuse(text("there is no mbarrier at shared address %u: not initialised, or misaligned", address));
    }
    return barrier;
}

unsigned bytes_of(const std::vector<BulkCopies::Piece>& pieces) {
    unsigned bytes = 0;
    for (const auto& piece : pieces) {
        bytes += piece.bytes;
    }
    return bytes;
}

const TensorMap& tensor_map_at(const void* address) {
    const TensorMap& map = *static_cast<const TensorMap*>(address);
    if (map.magic != TensorMap::MAGIC || map.rank != 2) {
        refuse("a tensor copy of two dimensions needs a tensor map of two dimensions (cuTensorMapEncodeTiled)");
    }
    return map;
}

/** Row `j` of a box, in pieces of 16 bytes: the swizzle moves each to another place of its 128 bytes. */
void add_row(std::vector<BulkCopies::Piece>& pieces, const TensorMap& map, unsigned shared, int x, int y, unsigned j) {
    constexpr unsigned PIECE = 16;
    unsigned row_bytes = map.box[0] * map.element_bytes;
    int64_t row = static_cast<int64_t>(y) + j;
    for (unsigned i = 0; i < row_bytes; i += PIECE) {
        unsigned linear = shared + j * row_bytes + i;
        unsigned target = map.swizzle == 3 ? linear ^ (linear >> 7 & 7) << 4 : linear;
        int64_t from = (static_cast<int64_t>(x)) * map.element_bytes + i;
        int64_t end = static_cast<int64_t>(map.size[0] * map.element_bytes);
        bool inside = row >= 0 && row < static_cast<int64_t>(map.size[1]) && from >= 0 && from < end;
        unsigned present = !inside ? 0 : static_cast<unsigned>(end - from < PIECE ? end - from : PIECE);
        const char* source = reinterpret_cast<const char*>(map.address) + row * static_cast<int64_t>(map.stride[0]) + from;
        pieces.push_back({shared_byte(target), source, PIECE, present});
    }
}

}  // namespace

void BulkCopies::start(unsigned barrier, std::vector<Piece> pieces, const void* pc) {
    for (const Piece& piece : pieces) {
        note_bulk_started(piece.shared, piece.bytes, piece.global, piece.present, pc);
        memset(piece.shared, POISON, piece.bytes);
    }
    copies_.push_back({barrier, std::move(pieces), pc});
}

void BulkCopies::land(unsigned barrier) {
    for (size_t i = 0; i < copies_.size();) {
        if (copies_[i].barrier != barrier) {
            i++;
            continue;
        }
        Copy copy = std::move(copies_[i]);
        copies_.erase(copies_.begin() + static_cast<ptrdiff_t>(i));
        for (const Piece& piece : copy.pieces) {
            memcpy(piece.shared, piece.global, piece.present);
            memset(piece.shared + piece.present, 0, piece.bytes - piece.present);
            note_bulk_landed(piece.shared, piece.bytes);
        }
        Barrier& at = barrier_at(barrier);
        at.bytes -= static_cast<int>(bytes_of(copy.pieces));
        at.flip_if_complete();
    }
}

}  // namespace emulator

using namespace emulator;

void emu_barrier_init(unsigned barrier, unsigned count) {
    Barrier fresh{};
    fresh.count = fresh.pending = static_cast<uint16_t>(count);
    memcpy(shared_byte(barrier), &fresh, sizeof fresh);
}

void emu_barrier_arrive(unsigned barrier, unsigned announced_bytes) {
    Barrier& b = barrier_at(barrier);
    if (b.pending == 0) {
        refuse(text("more threads arrive at the mbarrier at shared address %u than its %u", barrier, b.count));
    }
    b.bytes += static_cast<int>(announced_bytes);
    b.pending--;
    b.flip_if_complete();
}

void emu_barrier_wait(unsigned barrier, unsigned parity, Site) {
    for (;;) {
        current_runner->bulk_copies().land(barrier);
        if (barrier_at(barrier).phase != parity) {
            break;
        }
        current_runner->yield();
    }
    // With a single arrival it tells that data has come, and orders no threads.
    if (barrier_at(barrier).count > 1) {
        current_runner->watch_barrier_in_memory();
    }
}

void emu_bulk_copy(unsigned shared, const void* global, unsigned bytes, unsigned barrier, const void* pc) {
    if ((shared | reinterpret_cast<uintptr_t>(global) | bytes) % 16 != 0) {
        refuse("cp.async.bulk: both addresses and the number of bytes must be multiples of 16", MISALIGNED_ADDRESS);
    }
    BulkCopies::Piece piece{shared_byte(shared), static_cast<const char*>(global), bytes, bytes};
    current_runner->bulk_copies().start(barrier, {piece}, pc);
}

void emu_tensor_copy_2d(unsigned shared, const void* map_address, unsigned barrier, int x, int y, const void* pc) {
    const TensorMap& map = tensor_map_at(map_address);
    if (shared % 128 != 0) {
        refuse("a tensor copy needs a target at a multiple of 128 bytes", MISALIGNED_ADDRESS);
    }
    std::vector<BulkCopies::Piece> pieces;
    for (unsigned j = 0; j < map.box[1]; j++) {
        add_row(pieces, map, shared, x, y, j);
    }
    current_runner->bulk_copies().start(barrier, std::move(pieces), pc);
}
