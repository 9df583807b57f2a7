// In counted builds "float" and "double" are these classes, which count what is done with them. Size, alignment and calling
// convention are those of the numbers inside, so that kernels and their memory stay as they are; conversions and the types
// of results are those of C++. Constants are plain numbers: what the compiler computes from them alone is not counted.
//
// Counted: additions, subtractions, multiplications and divisions as one operation each, fma as two; functions (exp, erf,
// sqrt …) for themselves. Not counted: comparisons, negation, conversions, moves.
#pragma once

#include <math.h>
#include <string.h>

#include <type_traits>

#define EMU_INLINE constexpr inline __attribute__((always_inline))

namespace emulator {

EMU_INLINE void count_operations(unsigned n) {
    if (!__builtin_is_constant_evaluated()) {
        emu_note_operations(n);
    }
}

template <class T>
class Counted;

template <class N>
constexpr bool is_plain = std::is_arithmetic_v<N>;

template <class T>
class Counted {
public:
    Counted() = default;

    template <class N, class = std::enable_if_t<is_plain<N>>>
    EMU_INLINE Counted(N value) : value_(static_cast<T>(value)) {}

    template <class U>
    EMU_INLINE Counted(Counted<U> other) : value_(static_cast<T>(other.raw())) {}

    template <class N, class = std::enable_if_t<is_plain<N>>>
    explicit EMU_INLINE operator N() const {
        return static_cast<N>(value_);
    }

    EMU_INLINE T raw() const { return value_; }

    EMU_INLINE Counted operator-() const { return Counted(-value_); }
    EMU_INLINE Counted operator+() const { return *this; }

    // Spelled out: "x += y" computes in the wider type of the two, and rounds to that of x.
    template <class N> EMU_INLINE Counted& operator+=(N b) { return *this = *this + b; }
    template <class N> EMU_INLINE Counted& operator-=(N b) { return *this = *this - b; }
    template <class N> EMU_INLINE Counted& operator*=(N b) { return *this = *this * b; }
    template <class N> EMU_INLINE Counted& operator/=(N b) { return *this = *this / b; }

private:
    T value_;
};

using RawFloat = float;
using Float = Counted<float>;
using Double = Counted<double>;
static_assert(sizeof(Float) == sizeof(float) && std::is_trivially_copyable_v<Float>, "memory holds plain floats");

#define EMU_OPERATOR(op, counts, Result)                                                                      \
    template <class A, class B>                                                                               \
    EMU_INLINE Result<std::common_type_t<A, B>> operator op(Counted<A> a, Counted<B> b) {                     \
        counts;                                                                                               \
        return a.raw() op b.raw();                                                                            \
    }                                                                                                         \
    template <class A, class N, class = std::enable_if_t<is_plain<N>>>                                        \
    EMU_INLINE Result<std::common_type_t<A, N>> operator op(Counted<A> a, N b) {                              \
        counts;                                                                                               \
        return a.raw() op b;                                                                                  \
    }                                                                                                         \
    template <class N, class B, class = std::enable_if_t<is_plain<N>>>                                        \
    EMU_INLINE Result<std::common_type_t<N, B>> operator op(N a, Counted<B> b) {                              \
        counts;                                                                                               \
        return a op b.raw();                                                                                  \
    }

template <class>
using Truth = bool;

EMU_OPERATOR(+, count_operations(1), Counted)
EMU_OPERATOR(-, count_operations(1), Counted)
EMU_OPERATOR(*, count_operations(1), Counted)
EMU_OPERATOR(/, count_operations(1), Counted)
EMU_OPERATOR(==, , Truth)
EMU_OPERATOR(!=, , Truth)
EMU_OPERATOR(<, , Truth)
EMU_OPERATOR(>, , Truth)
EMU_OPERATOR(<=, , Truth)
EMU_OPERATOR(>=, , Truth)

// Functions are objects, so that a kernel may also pass one on by name.

#define EMU_FUNCTION_1(name, Type, counts)                               \
    constexpr struct {                                                   \
        Type operator()(Type x) const { counts; return ::name(x.raw()); } \
    } name##_counted{};
#define EMU_FUNCTION_2(name, Type, counts)                                                 \
    constexpr struct {                                                                     \
        Type operator()(Type x, Type y) const { counts; return ::name(x.raw(), y.raw()); } \
    } name##_counted{};

EMU_FUNCTION_1(sqrtf, Float, emu_note_function())
EMU_FUNCTION_1(cbrtf, Float, emu_note_function())
EMU_FUNCTION_1(expf, Float, emu_note_function())
EMU_FUNCTION_1(exp2f, Float, emu_note_function())
EMU_FUNCTION_1(expm1f, Float, emu_note_function())
EMU_FUNCTION_1(logf, Float, emu_note_function())
EMU_FUNCTION_1(log2f, Float, emu_note_function())
EMU_FUNCTION_1(log10f, Float, emu_note_function())
EMU_FUNCTION_1(log1pf, Float, emu_note_function())
EMU_FUNCTION_1(sinf, Float, emu_note_function())
EMU_FUNCTION_1(cosf, Float, emu_note_function())
EMU_FUNCTION_1(tanhf, Float, emu_note_function())
EMU_FUNCTION_1(erff, Float, emu_note_function())
EMU_FUNCTION_1(erfcf, Float, emu_note_function())
EMU_FUNCTION_2(powf, Float, emu_note_function())
EMU_FUNCTION_2(fmodf, Float, emu_note_function())
EMU_FUNCTION_2(hypotf, Float, emu_note_function())
EMU_FUNCTION_1(sqrt, Double, emu_note_function())
EMU_FUNCTION_1(exp, Double, emu_note_function())
EMU_FUNCTION_1(log, Double, emu_note_function())
EMU_FUNCTION_2(pow, Double, emu_note_function())
EMU_FUNCTION_1(fabsf, Float, )
EMU_FUNCTION_1(floorf, Float, )
EMU_FUNCTION_1(ceilf, Float, )
EMU_FUNCTION_1(truncf, Float, )
EMU_FUNCTION_1(roundf, Float, )
EMU_FUNCTION_1(rintf, Float, )
EMU_FUNCTION_2(fmaxf, Float, )
EMU_FUNCTION_2(fminf, Float, )
EMU_FUNCTION_2(copysignf, Float, )
EMU_FUNCTION_1(fabs, Double, )
EMU_FUNCTION_2(fmax, Double, )
EMU_FUNCTION_2(fmin, Double, )

constexpr struct {
    Float operator()(Float x) const { emu_note_function(); return 1.0f / ::sqrtf(x.raw()); }
} rsqrtf_counted{};

constexpr struct {
    Float operator()(Float a, Float b, Float c) const { count_operations(2); return ::fmaf(a.raw(), b.raw(), c.raw()); }
} fmaf_counted{};

constexpr struct {
    Double operator()(Double a, Double b, Double c) const { count_operations(2); return ::fma(a.raw(), b.raw(), c.raw()); }
} fma_counted{};

constexpr struct {
    Float operator()(Float x, int exponent) const { return ::ldexpf(x.raw(), exponent); }
} ldexpf_counted{};

// Found by the type of their argument.
inline Float max(Float x, Float y) { return ::fmaxf(x.raw(), y.raw()); }
inline Float min(Float x, Float y) { return ::fminf(x.raw(), y.raw()); }
template <class T> bool isnan(Counted<T> x) { return __builtin_isnan(x.raw()); }
template <class T> bool isinf(Counted<T> x) { return __builtin_isinf(x.raw()); }
template <class T> bool isfinite(Counted<T> x) { return __builtin_isfinite(x.raw()); }
template <class T> bool signbit(Counted<T> x) { return __builtin_signbit(x.raw()); }

}  // namespace emulator

#define sqrtf emulator::sqrtf_counted
#define rsqrtf emulator::rsqrtf_counted
#define cbrtf emulator::cbrtf_counted
#define expf emulator::expf_counted
#define exp2f emulator::exp2f_counted
#define expm1f emulator::expm1f_counted
#define logf emulator::logf_counted
#define log2f emulator::log2f_counted
#define log10f emulator::log10f_counted
#define log1pf emulator::log1pf_counted
#define sinf emulator::sinf_counted
#define cosf emulator::cosf_counted
#define tanhf emulator::tanhf_counted
#define erff emulator::erff_counted
#define erfcf emulator::erfcf_counted
#define powf emulator::powf_counted
#define fmodf emulator::fmodf_counted
#define hypotf emulator::hypotf_counted
#define fmaf emulator::fmaf_counted
#define fma emulator::fma_counted
#define sqrt emulator::sqrt_counted
#define exp emulator::exp_counted
#define log emulator::log_counted
#define pow emulator::pow_counted
#define fabsf emulator::fabsf_counted
#define floorf emulator::floorf_counted
#define ceilf emulator::ceilf_counted
#define truncf emulator::truncf_counted
#define roundf emulator::roundf_counted
#define rintf emulator::rintf_counted
#define fmaxf emulator::fmaxf_counted
#define fminf emulator::fminf_counted
#define copysignf emulator::copysignf_counted
#define fabs emulator::fabs_counted
#define fmax emulator::fmax_counted
#define fmin emulator::fmin_counted
#define ldexpf emulator::ldexpf_counted
#define float emulator::Float
#define double emulator::Double
