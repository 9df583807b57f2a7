// Writes one value to n elements: for bugs that the caller makes.
extern "C" __global__ void fill(float* out, float value, int n, int unused) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = value;
}
