package org.blockrecurrent.vit.verify;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;

/**
 * What a computation may differ from the truth: {@code timesNoise · D + timesLargest · M}, D the largest difference between the
 * official code's own float and double values, M the largest true value.
 */
enum Precision {
    /**
     * Float computing with sums in any order. 4e-7 is about seven roundings; with all sums, softmax and norms written out
     * differently, PyTorch itself stays within 0.36 of this on all tensors of the model fixtures.
     */
    FLOAT(4, 4e-7),
    /** Double computing: the rounding of a double is 2⁻²⁹ of a float's; 1e-12 for exp, erf and roots. */
    DOUBLE(4 * 0x1p-29, 1e-12);

    private final double timesNoise;
    private final double timesLargest;

    Precision(double timesNoise, double timesLargest) {
        this.timesNoise = timesNoise;
        this.timesLargest = timesLargest;
    }

    static Precision of(Backend backend) {
        return backend instanceof ReferenceBackend ? DOUBLE : FLOAT;
    }

    /** Compares with the truth; {@code inFloat} is the official code's float result. */
    Check check(String name, double[] got, double[] truth, double[] inFloat) {
        if (got.length != truth.length) {
            return new Check(name, Double.NaN, 0);
        }
        double noise = 0;
        double largest = 0;
        double error = 0;
        for (int i = 0; i < truth.length; i++) {
            noise = Math.max(noise, Math.abs(inFloat[i] - truth[i]));
            largest = Math.max(largest, Math.abs(truth[i]));
            error = Math.max(error, Math.abs(got[i] - truth[i]));
        }
        return new Check(name, error, timesNoise * noise + timesLargest * largest);
    }
}
