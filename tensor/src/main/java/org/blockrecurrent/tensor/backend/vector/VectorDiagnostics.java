package org.blockrecurrent.tensor.backend.vector;

import java.util.List;
import java.util.Locale;

/**
 * How a {@link VectorBackend} computes.
 *
 * @param lanes the width of its vectors and its register tile
 * @param isVectorised false if it fell back on plain loops
 * @param reason why it did; empty otherwise
 * @param gigaflopsPerThread what its matrix kernel reached, in 10⁹ floating-point operations a second
 * @param isSlow it did because the JVM has left the vector kernels uncompiled
 * @param collectorCost what the garbage collector costs, and the remedy; empty if nothing
 */
public record VectorDiagnostics(
        String lanes,
        boolean isVectorised,
        String reason,
        int threads,
        double gigaflopsPerThread,
        boolean isSlow,
        String collectorCost) {

    /** Lines for people. */
    public List<String> lines() {
        return List.of(
                "lanes: " + lanes + (isVectorised ? "" : " (" + reason + ")"),
                "threads: " + threads,
                String.format(Locale.ROOT, "matrix kernel: %.1f GFLOP/s per thread", gigaflopsPerThread));
    }
}
