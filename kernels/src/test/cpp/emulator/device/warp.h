// Barriers, shuffles and votes.
#pragma once

static inline void __syncthreads(emulator::Site site = emulator::Site::here()) { emu_syncthreads(site); }

namespace emulator {

template <class T>
struct ShuffleOperands {
    T value;
    int source;  // a lane, or -1: the lane keeps its own value
    T result;
};

template <class T>
EMU_UNCHECKED void shuffle_lanes(void** lanes, unsigned mask) {
    for (unsigned lane = 0; lane < WARP_SIZE; lane++) {
        if (!(mask >> lane & 1)) {
            continue;
        }
        auto* operands = static_cast<ShuffleOperands<T>*>(lanes[lane]);
        int source = operands->source;
        // What a lane outside the mask would give is undefined: poison.
        if (source < 0) {
            operands->result = operands->value;
        } else if (mask >> source & 1) {
            operands->result = static_cast<ShuffleOperands<T>*>(lanes[source])->value;
        } else {
            memset(static_cast<void*>(&operands->result), 0xFF, sizeof(T));
        }
    }
}

template <class T>
EMU_UNCHECKED inline T shuffle(unsigned mask, T value, int source, Site site) {
    ShuffleOperands<T> operands{value, source, value};
    emu_collective(mask, &operands, shuffle_lanes<T>, site);
    return operands.result;
}

/** `source` if it lies in the same group of `width` lanes as `lane`, else -1. */
EMU_UNCHECKED static inline int in_group(int lane, int source, int width) {
    return source >= 0 && (source & ~(width - 1)) == (lane & ~(width - 1)) ? source : -1;
}

struct VoteOperands {
    bool predicate;
    unsigned result;
};

EMU_UNCHECKED static inline void vote_lanes(void** lanes, unsigned mask) {
    unsigned votes = 0;
    for (unsigned lane = 0; lane < WARP_SIZE; lane++) {
        if ((mask >> lane & 1) && static_cast<VoteOperands*>(lanes[lane])->predicate) {
            votes |= 1u << lane;
        }
    }
    for (unsigned lane = 0; lane < WARP_SIZE; lane++) {
        if (mask >> lane & 1) {
            static_cast<VoteOperands*>(lanes[lane])->result = votes;
        }
    }
}

EMU_UNCHECKED static inline unsigned vote(unsigned mask, bool predicate, Site site) {
    VoteOperands operands{predicate, 0};
    emu_collective(mask, &operands, vote_lanes, site);
    return operands.result;
}

}  // namespace emulator

template <class T>
EMU_UNCHECKED static inline T __shfl_sync(unsigned mask, T value, int source, int width = 32,
                                          emulator::Site site = emulator::Site::here()) {
    int lane = static_cast<int>(emu_thread->lane);
    return emulator::shuffle(mask, value, (lane & ~(width - 1)) | (source & (width - 1)), site);
}

template <class T>
EMU_UNCHECKED static inline T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = 32,
                                              emulator::Site site = emulator::Site::here()) {
    int lane = static_cast<int>(emu_thread->lane);
    return emulator::shuffle(mask, value, emulator::in_group(lane, lane ^ lane_mask, width), site);
}

template <class T>
EMU_UNCHECKED static inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32,
                                               emulator::Site site = emulator::Site::here()) {
    int lane = static_cast<int>(emu_thread->lane);
    return emulator::shuffle(mask, value, emulator::in_group(lane, lane + static_cast<int>(delta), width), site);
}

template <class T>
EMU_UNCHECKED static inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32,
                                             emulator::Site site = emulator::Site::here()) {
    int lane = static_cast<int>(emu_thread->lane);
    return emulator::shuffle(mask, value, emulator::in_group(lane, lane - static_cast<int>(delta), width), site);
}

EMU_UNCHECKED static inline unsigned __ballot_sync(unsigned mask, int predicate,
                                                   emulator::Site site = emulator::Site::here()) {
    return emulator::vote(mask, predicate != 0, site);
}

EMU_UNCHECKED static inline int __any_sync(unsigned mask, int predicate,
                                           emulator::Site site = emulator::Site::here()) {
    return emulator::vote(mask, predicate != 0, site) != 0;
}

EMU_UNCHECKED static inline int __all_sync(unsigned mask, int predicate,
                                           emulator::Site site = emulator::Site::here()) {
    return emulator::vote(mask, predicate == 0, site) == 0;
}

static inline void __syncwarp(unsigned mask = 0xffffffffu, emulator::Site site = emulator::Site::here()) {
    emulator::vote(mask, false, site);
}
