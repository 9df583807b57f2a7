// Waits for a flag that nobody sets.
template <bool FIXED>
__device__ void wait_for_flag(float* out, const int* flag) {
    const volatile int* f = flag;
    while (!FIXED && *f == 0) {
    }
    out[threadIdx.x] = 1;
}

extern "C" __global__ void endless_spin_bug(float* out, const int* flag) { wait_for_flag<false>(out, flag); }
extern "C" __global__ void endless_spin_fixed(float* out, const int* flag) { wait_for_flag<true>(out, flag); }
