// Atomics: blocks run on several OS threads.
#pragma once

#ifdef EMU_INSTRUMENTED
#define EMU_NOTE_ATOMIC(address) emu_note_atomic(address, sizeof(*(address)), EMU_CALLER)
#define EMU_NOTE_FENCE() emu_note_fence()
#else
#define EMU_NOTE_ATOMIC(address)
#define EMU_NOTE_FENCE()
#endif

template <class T>
EMU_UNCHECKED static inline T emu_atomic_update(T* address, T (*update)(T, T), T operand) {
    T old;
    __atomic_load(address, &old, __ATOMIC_RELAXED);
    for (;;) {
        T changed = update(old, operand);
        if (__atomic_compare_exchange(address, &old, &changed, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            return old;
        }
    }
}

#define EMU_ATOMIC(name, T, expression)                                                          \
    EMU_UNCHECKED static inline T name(T* address, T operand) {                                  \
        EMU_NOTE_ATOMIC(address);                                                                \
        return emu_atomic_update<T>(                                                             \
            address, [](T old, T value) EMU_UNCHECKED -> T { return expression; }, operand);     \
    }

#define EMU_ATOMICS_OF(T)                               \
    EMU_ATOMIC(atomicAdd, T, old + value)               \
    EMU_ATOMIC(atomicSub, T, old - value)               \
    EMU_ATOMIC(atomicMin, T, value < old ? value : old) \
    EMU_ATOMIC(atomicMax, T, old < value ? value : old) \
    EMU_ATOMIC(atomicAnd, T, old & value)               \
    EMU_ATOMIC(atomicOr, T, old | value)                \
    EMU_ATOMIC(atomicXor, T, old ^ value)               \
    EMU_ATOMIC(atomicExch, T, (static_cast<void>(old), value))

EMU_ATOMICS_OF(int)
EMU_ATOMICS_OF(unsigned)
EMU_ATOMICS_OF(unsigned long long)
EMU_ATOMIC(atomicAdd, float, old + value)
EMU_ATOMIC(atomicExch, float, (static_cast<void>(old), value))

/** Counts up to a limit and starts over; the last block of a grid finds itself with this. */
EMU_ATOMIC(atomicInc, unsigned, old >= value ? 0 : old + 1)

#define EMU_ATOMIC_CAS(T)                                                                                   \
    EMU_UNCHECKED static inline T atomicCAS(T* address, T expected, T desired) {                            \
        EMU_NOTE_ATOMIC(address);                                                                           \
        __atomic_compare_exchange(address, &expected, &desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE); \
        return expected;                                                                                    \
    }

EMU_ATOMIC_CAS(int)
EMU_ATOMIC_CAS(unsigned)
EMU_ATOMIC_CAS(unsigned long long)

EMU_UNCHECKED static inline void __threadfence() {
    EMU_NOTE_FENCE();
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
EMU_UNCHECKED static inline void __threadfence_system() { __threadfence(); }
EMU_UNCHECKED static inline void __threadfence_block() {}
