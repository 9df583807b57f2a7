package org.blockrecurrent.kernels.driver;

import static jcuda.driver.CUjit_option.CU_JIT_ERROR_LOG_BUFFER;
import static jcuda.driver.CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;

/**
 * The calls of the CUDA driver that this product makes, each under the driver's own name. No other class touches {@link
 * JCudaDriver}: a symbol that the driver lacks ends the JVM, so what is called stands in one place.
 *
 * <p>A result other than success becomes an exception. Errors of kernels are reported by whatever call comes next; those
 * that the driver does not recover from mark this connection as lost, and from then on every call says so.
 */
final class CudaDriver {
    private static final int SUCCESS = 0;
    private static final int LOG_BYTES = 8192;

    private final Supplier<String> lastLaunches;
    private String lostBecause = "";

    private CudaDriver(Supplier<String> lastLaunches) {
        this.lastLaunches = lastLaunches;
    }

    /**
     * Loads JCuda, after the libraries given. Throws {@link UnsatisfiedLinkError} with the reason in one line.
     *
     * @param libraries driver libraries in places where the loader would not find them; usually none
     * @param lastLaunches names the launches that an error reported late may come from
     */
    static CudaDriver load(List<Path> libraries, Supplier<String> lastLaunches) {
        NativeLibraries.load(libraries, "jcuda.driver.JCudaDriver");
        JCudaDriver.setExceptionsEnabled(false);
        return new CudaDriver(lastLaunches);
    }

    /** Throws if an earlier error has made the context unusable. */
    void requireAlive() {
        if (isLost()) {
            throw new ContextLostException("the CUDA context is lost because " + lostBecause, 0);
        }
    }

    boolean isLost() {
        return !lostBecause.isEmpty();
    }

    void init() {
        check("cuInit", JCudaDriver.cuInit(0));
    }

    /** The newest CUDA version that the driver serves: 12040 is 12.4. */
    int driverGetVersion() {
        int[] version = new int[1];
        check("cuDriverGetVersion", JCudaDriver.cuDriverGetVersion(version));
        return version[0];
    }

    int deviceGetCount() {
        int[] count = new int[1];
        check("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
        return count[0];
    }

    CUdevice deviceGet(int ordinal) {
        CUdevice device = new CUdevice();
        check("cuDeviceGet", JCudaDriver.cuDeviceGet(device, ordinal));
        return device;
    }

    String deviceGetName(CUdevice device) {
        byte[] name = new byte[256];
        check("cuDeviceGetName", JCudaDriver.cuDeviceGetName(name, name.length, device));
        return new String(name, StandardCharsets.UTF_8).replaceAll("\0.*", "").strip();
    }

    int deviceGetAttribute(int attribute, CUdevice device) {
        int[] value = new int[1];
        check("cuDeviceGetAttribute", JCudaDriver.cuDeviceGetAttribute(value, attribute, device));
        return value[0];
    }

    long deviceTotalMem(CUdevice device) {
        long[] bytes = new long[1];
        check("cuDeviceTotalMem", JCudaDriver.cuDeviceTotalMem(bytes, device));
        return bytes[0];
    }

    CUcontext devicePrimaryCtxRetain(CUdevice device) {
        CUcontext context = new CUcontext();
        check("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
        return context;
    }

    void devicePrimaryCtxRelease(CUdevice device) {
        check("cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(device));
    }

    void ctxSetCurrent(CUcontext context) {
        check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context));
    }

    CUstream streamCreate() {
        CUstream stream = new CUstream();
        check("cuStreamCreate", JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
        return stream;
    }

    /** Waits; an exception says that {@code what} failed. */
    void streamSynchronize(CUstream stream, String what) {
        check(what, JCudaDriver.cuStreamSynchronize(stream));
    }

    void streamDestroy(CUstream stream) {
        check("cuStreamDestroy", JCudaDriver.cuStreamDestroy(stream));
    }

    CUevent eventCreate() {
        CUevent event = new CUevent();
        check("cuEventCreate", JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
        return event;
    }

    void eventRecord(CUevent event, CUstream stream) {
        check("cuEventRecord", JCudaDriver.cuEventRecord(event, stream));
    }

    void eventSynchronize(CUevent event) {
        check("cuEventSynchronize", JCudaDriver.cuEventSynchronize(event));
    }

    void eventDestroy(CUevent event) {
        check("cuEventDestroy", JCudaDriver.cuEventDestroy(event));
    }

    /** Compiles PTX for the device. The exception has the compiler's messages. */
    CUmodule moduleLoadData(String name, byte[] ptx) {
        CUmodule module = new CUmodule();
        JITOptions options = new JITOptions();
        options.putInt(CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
        options.putBytes(CU_JIT_ERROR_LOG_BUFFER, new byte[LOG_BYTES]);
        int result = JCudaDriver.cuModuleLoadDataJIT(module, Pointer.to(ptx), options);
        if (result != SUCCESS) {
            String log = options.getString(CU_JIT_ERROR_LOG_BUFFER);
            throw failure("cuModuleLoadDataEx of " + name + (log.isBlank() ? "" : " (" + log.strip() + ")"), result);
        }
        return module;
    }

    void moduleUnload(CUmodule module) {
        check("cuModuleUnload", JCudaDriver.cuModuleUnload(module));
    }

    CUfunction moduleGetFunction(CUmodule module, String name) {
        CUfunction function = new CUfunction();
        int result = JCudaDriver.cuModuleGetFunction(function, module, name);
        if (result != SUCCESS) {
            throw failure("cuModuleGetFunction of " + name, result);
        }
        return function;
    }

    void funcSetMaxDynamicSharedBytes(CUfunction function, int bytes, String name) {
        int result = JCudaDriver.cuFuncSetAttribute(
                function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes);
        if (result != SUCCESS) {
            throw failure("cuFuncSetAttribute of " + name + " (" + bytes + " bytes of shared memory)", result);
        }
    }

    /** The result code: the caller knows what to say of a launch that fails. */
    int launchKernel(
            CUfunction function, int[] grid, int[] block, int sharedBytes, CUstream stream, Pointer arguments) {
        return JCudaDriver.cuLaunchKernel(
                function,
                grid[0],
                grid[1],
                grid[2],
                block[0],
                block[1],
                block[2],
                sharedBytes,
                stream,
                arguments,
                null);
    }

    /** The result code: running out of memory is the pool's to answer. */
    int memAlloc(CUdeviceptr address, long bytes) {
        return JCudaDriver.cuMemAlloc(address, bytes);
    }

    void memFree(CUdeviceptr address) {
        check("cuMemFree", JCudaDriver.cuMemFree(address));
    }

    /** Free and total bytes of the device. */
    long[] memGetInfo() {
        long[] free = new long[1];
        long[] total = new long[1];
        check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, total));
        return new long[] {free[0], total[0]};
    }

    /** Pinned memory of the host. */
    void memHostAlloc(Pointer address, int bytes) {
        check("cuMemHostAlloc", JCudaDriver.cuMemHostAlloc(address, bytes, 0));
    }

    /** What a pointer to pinned memory points to. */
    static ByteBuffer view(Pointer address, int bytes) {
        return address.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    }

    void memFreeHost(Pointer address) {
        check("cuMemFreeHost", JCudaDriver.cuMemFreeHost(address));
    }

    void memcpyHtoDAsync(CUdeviceptr target, Pointer pinned, long bytes, CUstream stream) {
        check("cuMemcpyHtoDAsync", JCudaDriver.cuMemcpyHtoDAsync(target, pinned, bytes, stream));
    }

    void memcpyDtoHAsync(Pointer pinned, CUdeviceptr source, long bytes, CUstream stream) {
        check("cuMemcpyDtoHAsync", JCudaDriver.cuMemcpyDtoHAsync(pinned, source, bytes, stream));
    }

    void memcpyDtoDAsync(CUdeviceptr target, CUdeviceptr source, long bytes, CUstream stream) {
        check("cuMemcpyDtoDAsync", JCudaDriver.cuMemcpyDtoDAsync(target, source, bytes, stream));
    }

    void memsetD32Async(CUdeviceptr target, int value, long words, CUstream stream) {
        check("cuMemsetD32Async", JCudaDriver.cuMemsetD32Async(target, value, words, stream));
    }

    void check(String call, int result) {
        if (result != SUCCESS) {
            throw failure(call, result);
        }
    }

    /** What went wrong with a call, as an exception; marks the context as lost where it is. */
    CudaException failure(String call, int result) {
        String error = DriverError.name(result) + " (" + result + "), " + errorString(result);
        if (!isLost() && !DriverError.isSticky(result)) {
            return new CudaException(call + " failed: " + error, result);
        }
        if (!isLost()) {
            lostBecause = "of an error that " + call + " reported: " + error + lastLaunches.get();
        }
        return new ContextLostException(
                "the CUDA context is lost because " + lostBecause + ". Start the program again; with " + "-D"
                        + CudaContext.SYNC + "=true it names the kernel that fails",
                result);
    }

    private static String errorString(int result) {
        String[] text = new String[1];
        return JCudaDriver.cuGetErrorString(result, text) == SUCCESS && text[0] != null ? text[0] : "no description";
    }
}
