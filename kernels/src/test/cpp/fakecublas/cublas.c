/* The few functions of cuBLAS that this product calls, as plain loops on the host. Operands are fetched from the device
   and the result is put back with the driver's own calls on the handle's stream: so it works on the emulated device in all
   its modes, in stream order, and would work on a real one. Built by FakeCublas.java as libcublas.so.12. */
#include <stddef.h>
#include <stdlib.h>

/* From the driver, as in cuda.h. */
typedef unsigned long long CUdeviceptr;
typedef void* CUstream;
int cuMemcpyDtoHAsync_v2(void* target, CUdeviceptr source, size_t bytes, CUstream stream);
int cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void* source, size_t bytes, CUstream stream);
int cuMemAllocHost_v2(void** address, size_t bytes);
int cuMemFreeHost(void* address);
int cuStreamSynchronize(CUstream stream);

enum { SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13, OP_N = 0, OP_T = 1, PEDANTIC = 2 };

typedef struct {
    CUstream stream;
    int math_mode;
} Handle;

int cublasCreate_v2(Handle** handle) {
    *handle = calloc(1, sizeof(Handle));
    return SUCCESS;
}

int cublasDestroy_v2(Handle* handle) {
    free(handle);
    return SUCCESS;
}

int cublasSetStream_v2(Handle* handle, CUstream stream) {
    handle->stream = stream;
    return SUCCESS;
}

int cublasSetMathMode(Handle* handle, int mode) {
    handle->math_mode = mode;
    return SUCCESS;
}

/* A matrix of the caller, column-major, copied to the host. */
typedef struct {
    float* host;
    size_t bytes;
} Matrix;

static int place(Matrix* matrix, int columns, int leading) {
    matrix->bytes = sizeof(float) * (size_t)columns * (size_t)leading;
    return cuMemAllocHost_v2((void**)&matrix->host, matrix->bytes);
}

static int fetch(const Matrix* matrix, CUdeviceptr device, CUstream stream) {
    return cuMemcpyDtoHAsync_v2(matrix->host, device, matrix->bytes, stream) || cuStreamSynchronize(stream);
}

/* As BLAS defines it: C is not read where beta is 0. */
static void multiply(int ta, int tb, int m, int n, int k, float alpha, const float* a, int lda, const float* b, int ldb,
                     float beta, float* c, int ldc) {
    for (int column = 0; column < n; column++) {
        for (int row = 0; row < m; row++) {
            double sum = 0;
            for (int i = 0; i < k; i++) {
                float left = ta == OP_T ? a[i + (size_t)row * lda] : a[row + (size_t)i * lda];
                float right = tb == OP_T ? b[column + (size_t)i * ldb] : b[i + (size_t)column * ldb];
                sum += (double)left * right;
            }
            float* target = c + row + (size_t)column * ldc;
            *target = (float)(alpha * sum) + (beta == 0 ? 0 : beta * *target);
        }
    }
}

int cublasSgemm_v2(Handle* handle, int ta, int tb, int m, int n, int k, const float* alpha, CUdeviceptr a, int lda,
                   CUdeviceptr b, int ldb, const float* beta, CUdeviceptr c, int ldc) {
    if (!handle || handle->math_mode != PEDANTIC) return NOT_INITIALIZED;
    if (m < 1 || n < 1 || k < 1 || lda < (ta == OP_T ? k : m) || ldb < (tb == OP_T ? n : k) || ldc < m) {
        return INVALID_VALUE;
    }
    Matrix left, right, result;
    CUstream stream = handle->stream;
    if (place(&left, ta == OP_T ? m : k, lda) || place(&right, tb == OP_T ? k : n, ldb) || place(&result, n, ldc)
        || fetch(&left, a, stream) || fetch(&right, b, stream)) {
        return EXECUTION_FAILED;
    }
    /* Like the library, it leaves C unread where beta is 0: reading what nothing has written is an error of its own. */
    if ((*beta != 0 || ldc != m) && fetch(&result, c, stream)) return EXECUTION_FAILED;
    multiply(ta, tb, m, n, k, *alpha, left.host, lda, right.host, ldb, *beta, result.host, ldc);
    int failed = cuMemcpyHtoDAsync_v2(c, result.host, result.bytes, stream) || cuStreamSynchronize(stream);
    cuMemFreeHost(left.host);
    cuMemFreeHost(right.host);
    cuMemFreeHost(result.host);
    return failed ? EXECUTION_FAILED : SUCCESS;
}
