// One thread adds without the atomic that the others use.
template <bool FIXED>
__device__ void count(int* total) {
    if (FIXED || threadIdx.x > 0) {
        atomicAdd(total, 1);
    } else {
        *total += 1;
    }
}

extern "C" __global__ void atomic_and_plain_bug(int* total) { count<false>(total); }
extern "C" __global__ void atomic_and_plain_fixed(int* total) { count<true>(total); }
