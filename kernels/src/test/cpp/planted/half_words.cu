// Neighbouring threads write the two halves of one word: no race. The bug: both write the same half.
template <bool FIXED>
__device__ void write_halves(unsigned short* out) {
    int i = threadIdx.x;
    out[FIXED ? i : i / 2 * 2] = static_cast<unsigned short>(i);
}

extern "C" __global__ void half_words_bug(unsigned short* out) { write_halves<false>(out); }
extern "C" __global__ void half_words_fixed(unsigned short* out) { write_halves<true>(out); }
