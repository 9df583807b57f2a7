package org.blockrecurrent.benchmarks;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.testkit.Tolerance;

/** Holds a backend's block against the reference before it is timed: a fast wrong answer is not a result. */
final class BlockVerification {
    private BlockVerification() {}

    /**
     * Runs a small slice on both backends and throws an {@link AssertionError} that names the tensor, both values and the
     * bound unless output and gradients agree.
     */
    static void require(Backend backend, BlockSize size, Pass pass) {
        requireEqual(backend.name(), new BlockRun(backend, size.slice(), pass).results(), size.slice(), pass);
    }

    /** The bound grows with how far the reference itself moves when its inputs move by a rounding error. */
    static void requireEqual(String name, Map<String, double[]> results, BlockSize size, Pass pass) {
        try (Backend reference = new ReferenceBackend()) {
            Map<String, double[]> expected = new BlockRun(reference, size, pass).results();
            Map<String, double[]> moved = new BlockRun(reference, size, pass, BlockVerification::nextFloat).results();
            Tolerance tolerance = Tolerance.reduction(size.config().mlpDim() * size.depth());
            expected.forEach((tensor, values) -> tolerance.require(
                    name + ", " + tensor,
                    results.get(tensor),
                    values,
                    noise(values, requireNonNull(moved.get(tensor)))));
        }
    }

    /** One unit in the last place up or down, by the parity of the value: two rounding errors. */
    private static double nextFloat(double value) {
        float x = (float) value;
        return (Float.floatToIntBits(x) & 2) == 0 ? Math.nextUp(x) : Math.nextDown(x);
    }

    private static double noise(double[] expected, double[] moved) {
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i] - moved[i]));
        }
        return largest / 2;
    }
}
