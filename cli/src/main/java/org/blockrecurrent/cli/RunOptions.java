package org.blockrecurrent.cli;

import org.blockrecurrent.tensor.backend.BackendOptions;
import picocli.CommandLine.Option;

/** The options of every command that computes. */
final class RunOptions {
    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "Where to compute: cpu, cuda, reference (plain loops in double precision, very slow, for checks), or "
                            + "auto, which says what it chose and why. Default: ${DEFAULT-VALUE}.")
    String device;

    @Option(
            names = "--gemm",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Matrix products on a CUDA device: cuda (the kernels of this product) or cublas (NVIDIA's "
                    + "library, which must be installed). Default: cuda.")
    String gemm;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads on the CPU; 0 stands for all processors. The number changes no bit of a result. "
                    + "Default: ${DEFAULT-VALUE}.")
    int threads;

    @Option(names = "--verbose", description = "After an error, show where in the program it arose.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    /** The number of threads to open a backend with. */
    int threads() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** What to open a provided device with. */
    BackendOptions backendOptions() {
        return new BackendOptions(gemm);
    }
}
