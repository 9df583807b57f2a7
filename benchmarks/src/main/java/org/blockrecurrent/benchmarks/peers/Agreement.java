package org.blockrecurrent.benchmarks.peers;

import java.nio.file.Path;
import java.util.Locale;
import org.blockrecurrent.tensor.io.SafetensorsFile;

/** Whether two files hold the same results, up to the rounding errors of two float computations. */
final class Agreement {
    /** Rounding error of a float, 2⁻²⁴. */
    private static final double FLOAT_ROUNDING = 0x1p-24;

    private Agreement() {}

    /**
     * How far a tensor may be from another, in the norm of all its elements and relative to it. Rounding its terms moves a sum
     * of n terms by about u·√n of their size, rounding its partial sums by √n/2 times that; as a share of the sum itself, of
     * size √n, that is u·(1 + √n/2). Doubled for two results, and again as room for what follows the sums.
     */
    static double bound(int terms) {
        return FLOAT_ROUNDING * (4 + 2 * Math.sqrt(terms));
    }

    /** Throws a {@link PeerException} that names work, peer, tensor and distance unless all tensors agree; returns the largest distance. */
    static double require(String work, String peer, Path ours, Path theirs, int terms) {
        double bound = bound(terms);
        double largest = 0;
        try (SafetensorsFile want = SafetensorsFile.open(ours);
                SafetensorsFile got = SafetensorsFile.open(theirs)) {
            for (String tensor : want.names()) {
                requirePresent(work, peer, tensor, got);
                double distance = distance(got.floats(tensor), want.floats(tensor));
                if (!(distance <= bound)) {
                    throw new PeerException(String.format(
                            Locale.ROOT,
                            "%s: %s of %s differs from the product's by %.3g of its norm, allowed are %.3g; nothing was timed",
                            work,
                            tensor,
                            peer,
                            distance,
                            bound));
                }
                largest = Math.max(largest, distance);
            }
        }
        return largest;
    }

    private static void requirePresent(String work, String peer, String tensor, SafetensorsFile got) {
        if (!got.names().contains(tensor)) {
            throw new PeerException(work + ": " + peer + " has not computed the " + tensor);
        }
    }

    /** {@code ‖a − b‖ / ‖b‖}; infinite for arrays of different sizes, NaN where there is one. */
    static double distance(float[] a, float[] b) {
        if (a.length != b.length) {
            return Double.POSITIVE_INFINITY;
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < b.length; i++) {
            double d = (double) a[i] - b[i];
            difference += d * d;
            norm += (double) b[i] * b[i];
        }
        return difference == 0 ? 0 : Math.sqrt(difference / norm);
    }
}
