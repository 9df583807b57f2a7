package org.blockrecurrent.kernels;

import java.util.function.Supplier;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.BackendProvider;

/**
 * Answers to {@code --device cuda}. This version has no CUDA kernels: the answer is always that it cannot be used, and
 * why, so that nobody takes a run on the processor for one on the GPU.
 */
public final class CudaBackendProvider implements BackendProvider {
    private static final String REMEDY = "use --device cpu";

    private final Supplier<NvidiaDriver> search;

    /** For {@link java.util.ServiceLoader}: looks at this machine. */
    public CudaBackendProvider() {
        this(NvidiaDriver::find);
    }

    CudaBackendProvider(Supplier<NvidiaDriver> search) {
        this.search = search;
    }

    @Override
    public String device() {
        return "cuda";
    }

    @Override
    public String unavailableBecause() {
        NvidiaDriver driver = search.get();
        if (driver.library().isEmpty()) {
            return driver.isRunning()
                    ? "an NVIDIA driver runs here, but its library libcuda.so.1 was not found: add its folder to "
                            + "LD_LIBRARY_PATH (in a container: start it with GPU access), or " + REMEDY
                    : "no CUDA device was found, because no NVIDIA driver is installed (libcuda.so.1 or nvcuda.dll): "
                            + "install it from https://www.nvidia.com/drivers if this machine has an NVIDIA GPU, or "
                            + REMEDY;
        }
        if (!driver.isRunning()) {
            return "no CUDA device was found: " + driver.library().get() + " is there, but no NVIDIA driver runs (no "
                    + "/proc/driver/nvidia/version): load the kernel module, in a container give access to the GPU, or "
                    + REMEDY;
        }
        return "an NVIDIA driver is there (" + driver.library().get()
                + "), but this version of Raptor for Java has no CUDA " + "kernels yet: " + REMEDY;
    }

    @Override
    public Backend open() {
        throw new InvalidInputException("--device cuda: " + unavailableBecause());
    }
}
