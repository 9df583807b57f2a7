// Four floats at once, from an address that is no multiple of 16 bytes.
template <bool FIXED>
__device__ void load(float* out, const float* x) {
    float4 v = *reinterpret_cast<const float4*>(x + (FIXED ? 4 : 1));
    out[0] = v.x + v.y + v.z + v.w;
}

extern "C" __global__ void misaligned_load_bug(float* out, const float* x) { load<false>(out, x); }
extern "C" __global__ void misaligned_load_fixed(float* out, const float* x) { load<true>(out, x); }
