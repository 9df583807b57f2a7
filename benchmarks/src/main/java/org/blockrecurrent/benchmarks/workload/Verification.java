package org.blockrecurrent.benchmarks.workload;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.testkit.Tolerance;

/** Holds a backend's work against the reference before it is timed: a fast wrong answer is not a result. */
public final class Verification {
    private Verification() {}

    /**
     * Runs a small slice on both backends and throws an {@link AssertionError} that names the tensor, both values and the
     * bound unless all results agree.
     */
    public static void require(Backend backend, Work work) {
        Work slice = work.slice();
        requireEqual(backend.name(), slice.open(backend, Numbers.drawn()).results(), slice);
    }

    /** The bound grows with how far the reference itself moves when its inputs move by a rounding error. */
    static void requireEqual(String name, Map<String, double[]> results, Work work) {
        try (Backend reference = new ReferenceBackend()) {
            Map<String, double[]> expected =
                    work.open(reference, Numbers.drawn()).results();
            Map<String, double[]> moved = work.open(reference, Numbers.changed(Verification::nextFloat))
                    .results();
            Tolerance tolerance = Tolerance.reduction(work.terms());
            expected.forEach((tensor, values) -> tolerance.require(
                    name + ", " + tensor,
                    requireNonNull(results.get(tensor), tensor),
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
