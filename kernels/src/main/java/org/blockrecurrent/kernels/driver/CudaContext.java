package org.blockrecurrent.kernels.driver;

import java.nio.file.Path;
import java.util.List;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUstream;

/**
 * The first CUDA device of this process: its primary context, which cuBLAS shares, and the one stream that everything
 * runs on. {@code CUDA_VISIBLE_DEVICES} chooses among several devices.
 */
final class CudaContext implements AutoCloseable {
    /** System property: wait for every launch, so that an error names its kernel. */
    static final String SYNC = "raptor.cuda.sync";

    /** CUDA 11.0, the first with the PTX version that the kernels are written in. */
    private static final int OLDEST_DRIVER = 11000;
    /** Compute capability 8.0 (Ampere), for which the PTX is compiled. */
    private static final int OLDEST_MAJOR = 8;

    private final CudaDriver driver;
    private final RecentLaunches recent;
    private final CUdevice device;
    private final DeviceProperties properties;
    private final CUcontext context;
    private final CUstream stream;
    private final boolean isSynchronous = Boolean.getBoolean(SYNC);
    private Thread current;
    private boolean isClosed;

    private CudaContext(CudaDriver driver, RecentLaunches recent, CUdevice device, DeviceProperties properties) {
        this.driver = driver;
        this.recent = recent;
        this.device = device;
        this.properties = properties;
        context = driver.devicePrimaryCtxRetain(device);
        try {
            driver.ctxSetCurrent(context);
            stream = driver.streamCreate();
        } catch (CudaException e) {
            driver.devicePrimaryCtxRelease(device);
            throw e;
        }
        current = Thread.currentThread();
    }

    /**
     * Opens the device. Throws {@link CudaUnavailableException} where that cannot be done.
     *
     * @param libraries driver libraries to load first, where the loader would not find them
     */
    static CudaContext open(List<Path> libraries) {
        RecentLaunches recent = new RecentLaunches();
        CudaDriver driver;
        try {
            driver = CudaDriver.load(libraries, recent::describe);
        } catch (UnsatisfiedLinkError e) {
            throw new CudaUnavailableException("the NVIDIA driver cannot be loaded: install it again, or name its "
                    + "libcuda.so.1 with RAPTOR_CUDA_LIBRARY if it is in an odd place (the loader says: "
                    + e.getMessage() + ")");
        }
        try {
            CUdevice device = firstDevice(driver);
            return new CudaContext(driver, recent, device, suitable(properties(driver, device)));
        } catch (CudaException e) {
            throw unavailable(e);
        }
    }

    private static CUdevice firstDevice(CudaDriver driver) {
        driver.init();
        if (driver.deviceGetCount() == 0) {
            throw noDevice();
        }
        return driver.deviceGet(0);
    }

    private static DeviceProperties properties(CudaDriver driver, CUdevice device) {
        return new DeviceProperties(
                driver.deviceGetName(device),
                driver.deviceGetAttribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device),
                driver.deviceGetAttribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device),
                driver.deviceGetAttribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device),
                driver.deviceGetAttribute(
                        CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, device),
                driver.deviceTotalMem(device),
                driver.driverGetVersion());
    }

    private static DeviceProperties suitable(DeviceProperties device) {
        if (device.driverVersion() < OLDEST_DRIVER) {
            throw new CudaUnavailableException("the NVIDIA driver is too old: it serves CUDA "
                    + DeviceProperties.version(device.driverVersion()) + ", the kernels need "
                    + DeviceProperties.version(OLDEST_DRIVER) + " (driver 450 or newer): install a newer driver from "
                    + "https://www.nvidia.com/drivers");
        }
        if (device.major() < OLDEST_MAJOR) {
            throw new CudaUnavailableException("the GPU is too old: " + device.name() + " has compute capability "
                    + device.capability() + ", the kernels need 8.0 or newer (Ampere, from 2020 on)");
        }
        return device;
    }

    static CudaUnavailableException unavailable(CudaException failure) {
        return switch (failure.code()) {
            case DriverError.NO_DEVICE -> noDevice();
            case DriverError.STUB_LIBRARY ->
                new CudaUnavailableException("libcuda.so.1 is the stub that programs are linked with, not a driver: "
                        + "take the CUDA toolkit's stubs folder off LD_LIBRARY_PATH");
            case DriverError.DEVICE_UNAVAILABLE ->
                new CudaUnavailableException("the GPU is taken: another process uses it exclusively; wait for that, "
                        + "or set the compute mode to default (nvidia-smi -c 0)");
            case DriverError.OUT_OF_MEMORY ->
                new CudaUnavailableException(
                        "the GPU has no memory left for another process: nvidia-smi shows which " + "processes use it");
            default ->
                new CudaUnavailableException("CUDA does not start (" + failure.getMessage() + "): nvidia-smi "
                        + "shows the state of driver and GPU; after an update of the driver restart the machine");
        };
    }

    private static CudaUnavailableException noDevice() {
        return new CudaUnavailableException("the NVIDIA driver knows no GPU: check nvidia-smi and "
                + "CUDA_VISIBLE_DEVICES, in a container give access to the GPU");
    }

    /** To be called before any work: throws if the context is lost, and makes it current on a thread that is new to it. */
    CudaDriver enter() {
        if (isClosed) {
            throw new IllegalStateException("the CUDA backend is closed");
        }
        driver.requireAlive();
        if (Thread.currentThread() != current) {
            driver.ctxSetCurrent(context);
            current = Thread.currentThread();
        }
        return driver;
    }

    DeviceProperties properties() {
        return properties;
    }

    CUstream stream() {
        return stream;
    }

    RecentLaunches recent() {
        return recent;
    }

    boolean isSynchronous() {
        return isSynchronous;
    }

    boolean isLost() {
        return driver.isLost();
    }

    /** Waits until the stream is idle. */
    void synchronize() {
        enter().streamSynchronize(stream, "cuStreamSynchronize");
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        // On a lost context every call would fail; the driver takes all back when the process ends.
        if (!isLost()) {
            enter().streamDestroy(stream);
            driver.devicePrimaryCtxRelease(device);
        }
        isClosed = true;
    }
}
