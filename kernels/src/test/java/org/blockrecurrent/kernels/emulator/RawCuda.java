package org.blockrecurrent.kernels.emulator;

import static jcuda.driver.JCudaDriver.cuCtxCreate;
import static jcuda.driver.JCudaDriver.cuCtxDestroy;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * A context on the emulated device, used through plain JCuda: the emulator's own tests must not rest on the driver layer
 * that is tested with it.
 */
final class RawCuda implements AutoCloseable {
    /** A call of the driver that returned an error. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int result;

        Failure(int result) {
            super(CUresult.stringFor(result));
            this.result = result;
        }

        int result() {
            return result;
        }
    }

    /** A device address that can be looked at and moved. */
    static final class Address extends CUdeviceptr {
        long value() {
            return getNativePointer();
        }
    }

    private final EmulatedDevice device;
    private final CUcontext context = new CUcontext();
    private final List<Address> allocated = new ArrayList<>();

    RawCuda(EmulatedDevice device) {
        this.device = device;
        loadJCuda(device);
        check(cuInit(0));
        check(cuCtxCreate(context, 0, new CUdevice()));
    }

    /** Loads the driver, then JCuda's natives unpacked into a private folder. */
    private static void loadJCuda(EmulatedDevice device) {
        System.load(device.library().toString());
        String folder = System.getProperty("java.io.tmpdir");
        try {
            Path natives = Files.createTempDirectory(device.library().getParent(), "natives");
            System.setProperty("java.io.tmpdir", natives.toString());
            JCudaDriver.setExceptionsEnabled(false);
            deleteFiles(natives);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            System.setProperty("java.io.tmpdir", folder);
        }
    }

    private static void deleteFiles(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** Throws unless the call of the driver that gave this result went well. */
    static void check(int result) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw new Failure(result);
        }
    }

    /** The kernel of this name, from an image that declares it. */
    CUfunction function(String kernel) {
        CUmodule module = new CUmodule();
        check(cuModuleLoadData(module, device.image(kernel)));
        CUfunction function = new CUfunction();
        check(cuModuleGetFunction(function, module, kernel));
        return function;
    }

    /** Memory for {@code floats} values, not initialised. */
    Address allocate(int floats) {
        Address address = new Address();
        check(cuMemAlloc(address, 4L * floats));
        allocated.add(address);
        return address;
    }

    Address upload(float... values) {
        Address address = allocate(values.length);
        check(cuMemcpyHtoD(address, Pointer.to(values), 4L * values.length));
        return address;
    }

    Address uploadInts(int... values) {
        Address address = allocate(values.length);
        check(cuMemcpyHtoD(address, Pointer.to(values), 4L * values.length));
        return address;
    }

    float[] download(CUdeviceptr address, int floats) {
        float[] values = new float[floats];
        check(cuMemcpyDtoH(Pointer.to(values), address, 4L * floats));
        return values;
    }

    int downloadInt(CUdeviceptr address) {
        int[] value = new int[1];
        check(cuMemcpyDtoH(Pointer.to(value), address, 4));
        return value[0];
    }

    void free(Address address) {
        allocated.remove(address);
        check(cuMemFree(address));
    }

    /** From now on nobody frees it. */
    void forget(Address address) {
        allocated.remove(address);
    }

    void synchronize() {
        check(cuCtxSynchronize());
    }

    /** Launches on the default stream; numbers and {@code byte[]} are passed by value. */
    void launch(String kernel, int grid, int block, int sharedBytes, Object... parameters) {
        launch(null, kernel, grid, block, sharedBytes, parameters);
    }

    void launch(CUstream stream, String kernel, int grid, int block, int sharedBytes, Object... parameters) {
        NativePointerObject[] pointers = new NativePointerObject[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            pointers[i] = pointer(parameters[i]);
        }
        CUfunction function = function(kernel);
        check(cuLaunchKernel(function, grid, 1, 1, block, 1, 1, sharedBytes, stream, Pointer.to(pointers), null));
    }

    private static Pointer pointer(Object parameter) {
        if (parameter instanceof Integer value) {
            return Pointer.to(new int[] {value});
        }
        if (parameter instanceof Float value) {
            return Pointer.to(new float[] {value});
        }
        if (parameter instanceof Long value) {
            return Pointer.to(new long[] {value});
        }
        if (parameter instanceof byte[] value) {
            return Pointer.to(value);
        }
        return Pointer.to((CUdeviceptr) parameter);
    }

    /** Frees what was allocated here and ends the context; after an error of a kernel only the latter is possible. */
    @Override
    public void close() {
        allocated.forEach(JCudaDriver::cuMemFree);
        cuCtxDestroy(context);
    }
}
