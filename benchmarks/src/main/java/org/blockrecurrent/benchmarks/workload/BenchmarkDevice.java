package org.blockrecurrent.benchmarks.workload;

import java.util.ServiceLoader;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.BackendOptions;
import org.blockrecurrent.tensor.backend.BackendProvider;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;

/** Opens the backend that a benchmark names; never another one in its place. */
public final class BenchmarkDevice {
    private BenchmarkDevice() {}

    /**
     * @param device {@code vector}, {@code reference}, {@code cuda}, or {@code cuda:cublas} for cuBLAS's matrix products
     * @param threads of the vector backend; 0 for all processors
     */
    public static Backend open(String device, int threads) {
        return switch (device) {
            case "reference" -> new ReferenceBackend();
            case "vector", "cpu" -> threads > 0 ? VectorBackend.open(threads) : VectorBackend.open();
            default -> provided(device);
        };
    }

    private static Backend provided(String device) {
        int colon = device.indexOf(':');
        String name = colon < 0 ? device : device.substring(0, colon);
        BackendOptions options = new BackendOptions(colon < 0 ? "" : device.substring(colon + 1));
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.device().equals(name)) {
                return provider.open(options);
            }
        }
        throw new InvalidInputException(
                "device " + device + " is unknown; choose vector, reference, cuda or cuda:cublas");
    }
}
