// Scalar intrinsics. Rounding suffixes: the host rounds to nearest even, as _rn asks for; other roundings are not here.
#pragma once

#define EMU_INTRINSIC EMU_UNCHECKED static inline

#ifndef EMU_COUNTED
EMU_INTRINSIC float rsqrtf(float x) { return 1.0f / sqrtf(x); }
EMU_INTRINSIC float min(float a, float b) { return fminf(a, b); }
EMU_INTRINSIC float max(float a, float b) { return fmaxf(a, b); }
#endif
EMU_INTRINSIC float __fdividef(float a, float b) { return a / b; }

/** A value that the compiler does not see through: what was computed before is not fused with what comes after. */
EMU_INTRINSIC float emu_rounded(float x) {
#ifdef EMU_COUNTED
    asm("" : "+m"(x));
#else
    asm("" : "+x"(x));
#endif
    return x;
}

// CUDA never fuses these with their neighbours, whatever may be fused around them.
EMU_INTRINSIC float __fadd_rn(float a, float b) { return emu_rounded(emu_rounded(a) + emu_rounded(b)); }
EMU_INTRINSIC float __fsub_rn(float a, float b) { return emu_rounded(emu_rounded(a) - emu_rounded(b)); }
EMU_INTRINSIC float __fmul_rn(float a, float b) { return emu_rounded(a * b); }

EMU_INTRINSIC float __fdiv_rn(float a, float b) { return a / b; }
EMU_INTRINSIC float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
EMU_INTRINSIC float __frcp_rn(float x) { return 1.0f / x; }
EMU_INTRINSIC float __fsqrt_rn(float x) { return sqrtf(x); }
EMU_INTRINSIC float __frsqrt_rn(float x) { return 1.0f / sqrtf(x); }
EMU_INTRINSIC float __saturatef(float x) { return x >= 0.0f ? (x < 1.0f ? x : 1.0f) : 0.0f; }

// glibc declares functions of these names: macros take their place.
#define __expf(x) expf(x)
#define __logf(x) logf(x)
#define __sinf(x) sinf(x)
#define __cosf(x) cosf(x)
#define __powf(x, y) powf(x, y)

EMU_INTRINSIC int __popc(unsigned x) { return __builtin_popcount(x); }
EMU_INTRINSIC int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
EMU_INTRINSIC int __clz(int x) { return x ? __builtin_clz(static_cast<unsigned>(x)) : 32; }
EMU_INTRINSIC int __ffs(int x) { return __builtin_ffs(x); }
EMU_INTRINSIC unsigned __brev(unsigned x) {
    unsigned reversed = 0;
    for (int i = 0; i < 32; i++) {
        reversed |= (x >> i & 1u) << (31 - i);
    }
    return reversed;
}
EMU_INTRINSIC int __mulhi(int a, int b) { return static_cast<int>((static_cast<long long>(a) * b) >> 32); }
EMU_INTRINSIC unsigned __umulhi(unsigned a, unsigned b) {
    return static_cast<unsigned>((static_cast<unsigned long long>(a) * b) >> 32);
}
EMU_INTRINSIC unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return static_cast<unsigned long long>((static_cast<unsigned __int128>(a) * b) >> 64);
}
EMU_INTRINSIC unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
    shift &= 31;
    return shift ? high << shift | low >> (32 - shift) : high;
}
EMU_INTRINSIC unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
    shift &= 31;
    return shift ? low >> shift | high << (32 - shift) : low;
}

template <class To, class From>
EMU_INTRINSIC To emu_same_bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "a reinterpretation keeps the size");
    To to;
    memcpy(static_cast<void*>(&to), static_cast<const void*>(&from), sizeof(To));
    return to;
}
EMU_INTRINSIC int __float_as_int(float x) { return emu_same_bits<int>(x); }
EMU_INTRINSIC unsigned __float_as_uint(float x) { return emu_same_bits<unsigned>(x); }
EMU_INTRINSIC float __int_as_float(int x) { return emu_same_bits<float>(x); }
EMU_INTRINSIC float __uint_as_float(unsigned x) { return emu_same_bits<float>(x); }
EMU_INTRINSIC int __float2int_rn(float x) { return static_cast<int>(rintf(x)); }
EMU_INTRINSIC int __float2int_rz(float x) { return static_cast<int>(x); }
EMU_INTRINSIC float __int2float_rn(int x) { return static_cast<float>(x); }
EMU_INTRINSIC float __uint2float_rn(unsigned x) { return static_cast<float>(x); }

template <class T>
static inline __attribute__((always_inline)) T __ldg(const T* address) {
    return *address;
}

template <class T>
EMU_INTRINSIC T min(T a, T b) { return b < a ? b : a; }
template <class T>
EMU_INTRINSIC T max(T a, T b) { return a < b ? b : a; }

EMU_INTRINSIC void __nanosleep(unsigned) { emu_yield(); }
static inline void __trap() { emu_trap("trap"); }
#undef assert
#define assert(condition) ((condition) ? (void)0 : emu_trap("assertion failed: " #condition))
