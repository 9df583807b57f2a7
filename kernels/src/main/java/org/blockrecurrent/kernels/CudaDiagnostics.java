package org.blockrecurrent.kernels;

import java.util.List;
import java.util.Locale;
import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.DeviceProperties;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;
import org.blockrecurrent.tensor.random.Philox;

/** Measures what {@code doctor} prints of the GPU. Every rate is that of the backend as a training step uses it. */
final class CudaDiagnostics {
    /** Any: all are compiled for the same devices. */
    private static final String PTX_FILE = "elementwise";

    private static final int COPIED_FLOATS = 16 << 20;
    private static final int LARGEST_MATRIX = 4096;
    /** A measurement is repeated with more work until it takes this long. */
    private static final double SECONDS = 0.05;

    private final CudaBackend backend;
    private final CudaLauncher cuda;

    CudaDiagnostics(CudaBackend backend, CudaLauncher cuda) {
        this.backend = backend;
        this.cuda = cuda;
    }

    List<String> lines() {
        DeviceProperties device = cuda.device();
        long free = cuda.freeBytes();
        return List.of(
                device.name() + ", compute capability " + device.capability() + ", " + device.multiprocessors()
                        + " multiprocessors, driver for CUDA " + device.cudaVersion(),
                "kernels: PTX for " + cuda.target(PTX_FILE) + ", compiled by the driver",
                String.format(
                        Locale.ROOT,
                        "memory: %.1f GiB free of %.1f GiB",
                        free / (double) (1 << 30),
                        device.totalBytes() / (double) (1 << 30)),
                copies((int) Math.min(COPIED_FLOATS, free / (8 * Float.BYTES))),
                product());
    }

    private String copies(int floats) {
        try (Scope scope = backend.openScope()) {
            float[] array = new float[floats];
            Tensor a = backend.empty(floats);
            Tensor b = backend.empty(floats);
            double bytes = (double) Float.BYTES * floats;
            double up = bytes / secondsOf(() -> backend.write(a.storage(), array));
            double down = bytes / secondsOf(() -> backend.read(a.storage(), array));
            double inside = 2 * bytes / secondsOf(() -> backend.copy(b.storage(), a.storage()));
            return String.format(
                    Locale.ROOT,
                    "copies: %.1f GB/s from the host, %.1f GB/s to the host, %.0f GB/s read and written on the device",
                    up / 1e9,
                    down / 1e9,
                    inside / 1e9);
        }
    }

    /** Square matrices, the side doubled until the product takes long enough to be measured. */
    private String product() {
        int side = 64;
        double seconds = secondsOfProduct(side);
        while (seconds < SECONDS / 2 && side < LARGEST_MATRIX) {
            side *= 2;
            seconds = secondsOfProduct(side);
        }
        double rate = 2.0 * side * side * side / seconds;
        return String.format(
                Locale.ROOT,
                "matrix product (%s): %.1f GFLOP/s at %d x %d, fp32",
                backend.gemm(),
                rate / 1e9,
                side,
                side);
    }

    private double secondsOfProduct(int side) {
        try (Scope scope = backend.openScope()) {
            Tensor a = drawn(side);
            Tensor c = backend.empty(side, side);
            return secondsOf(() -> backend.matmul().matmul(new Into(c, false), a, a, Layout.TN));
        }
    }

    /** Zeros would be multiplied faster: they save power, and with it clock rate. */
    private Tensor drawn(int side) {
        float[] values = new float[side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = Philox.uniform(1, 0, 0, i) - 0.5f;
        }
        return backend.tensor(Shape.of(side, side), values);
    }

    /** Mean time of one run, after one that is not counted. */
    private double secondsOf(Runnable work) {
        work.run();
        cuda.synchronize();
        int runs = 1;
        while (true) {
            long start = System.nanoTime();
            for (int run = 0; run < runs; run++) {
                work.run();
            }
            cuda.synchronize();
            double seconds = (System.nanoTime() - start) * 1e-9;
            if (seconds > SECONDS || runs > 1000) {
                return seconds / runs;
            }
            runs *= 4;
        }
    }
}
