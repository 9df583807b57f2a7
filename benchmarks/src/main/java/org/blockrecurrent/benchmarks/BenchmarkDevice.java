package org.blockrecurrent.benchmarks;

import java.util.ServiceLoader;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.BackendProvider;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;

/** Opens the backend that a benchmark names; never another one in its place. */
final class BenchmarkDevice {
    private BenchmarkDevice() {}

    /** @param threads of the vector backend; 0 for all processors */
    static Backend open(String device, int threads) {
        return switch (device) {
            case "reference" -> new ReferenceBackend();
            case "vector", "cpu" -> threads > 0 ? VectorBackend.open(threads) : VectorBackend.open();
            default -> provided(device);
        };
    }

    private static Backend provided(String device) {
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.device().equals(device)) {
                return provider.open();
            }
        }
        throw new InvalidInputException("device " + device + " is unknown; choose vector, reference or cuda");
    }
}
