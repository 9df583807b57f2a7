package org.blockrecurrent.kernels;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.blockrecurrent.kernels.driver.CudaUnavailableException;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.BackendOptions;
import org.blockrecurrent.tensor.backend.BackendProvider;

/**
 * Answers to {@code --device cuda}. Where the GPU cannot be used it says why, so that nobody takes a run on the processor
 * for one on the GPU. The driver's files are looked for first: its library is loaded only where they are complete.
 */
public final class CudaBackendProvider implements BackendProvider {
    private static final String OPTION = "--device cuda: ";
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

    /** Opens the device and closes it again: nothing less shows that it can be used. */
    @Override
    public String unavailableBecause() {
        NvidiaDriver driver = search.get();
        String missing = missing(driver);
        if (missing != null) {
            return missing;
        }
        try (CudaBackend opened = open(driver, Gemm.CUDA)) {
            return null;
        } catch (CudaUnavailableException e) {
            return withRemedy(e);
        }
    }

    @Override
    public Backend open(BackendOptions options) {
        return openOrSay(options);
    }

    @Override
    public List<String> diagnose(BackendOptions options) {
        try (CudaBackend backend = openOrSay(options)) {
            return backend.diagnose();
        }
    }

    private CudaBackend openOrSay(BackendOptions options) {
        Gemm gemm = Gemm.of(options.gemm());
        NvidiaDriver driver = search.get();
        String missing = missing(driver);
        if (missing != null) {
            throw new InvalidInputException(OPTION + missing);
        }
        try {
            return open(driver, gemm);
        } catch (CudaUnavailableException e) {
            throw new InvalidInputException(OPTION + withRemedy(e), e);
        }
    }

    private static CudaBackend open(NvidiaDriver driver, Gemm gemm) {
        return CudaBackend.open(List.of(driver.library().orElseThrow()), gemm);
    }

    private static String withRemedy(CudaUnavailableException e) {
        return e.getMessage() + "; or " + REMEDY;
    }

    /** What the files of the driver alone tell; null if they are complete. */
    private static String missing(NvidiaDriver driver) {
        if (driver.library().isEmpty()) {
            return driver.isRunning()
                    ? "an NVIDIA driver runs here, but its library libcuda.so.1 was not found: add its folder to "
                            + "LD_LIBRARY_PATH (in a container: start it with GPU access), or " + REMEDY
                    : "no CUDA device was found, because no NVIDIA driver is installed (libcuda.so.1 or nvcuda.dll): "
                            + "install it from https://www.nvidia.com/drivers if this machine has an NVIDIA GPU, or "
                            + REMEDY;
        }
        Path library = driver.library().get();
        if (!driver.isRunning()) {
            return "no CUDA device was found: " + library + " is there, but no NVIDIA driver runs (no "
                    + "/proc/driver/nvidia/version): load the kernel module, in a container give access to the GPU, or "
                    + REMEDY;
        }
        if (!Files.isRegularFile(library)) {
            return "the driver library " + library + " is not there: correct " + NvidiaDriver.ENVIRONMENT + " or "
                    + NvidiaDriver.PROPERTY + ", or " + REMEDY;
        }
        return null;
    }
}
