package org.blockrecurrent.dynamics;

/** The geometry of directions: vectors of unit length, in double precision. */
final class Directions {
    private Directions() {}

    /** The length of every row of a row-major array with rows of {@code D} channels. */
    static double[] norms(float[] values, int D) {
        double[] norms = new double[values.length / D];
        for (int row = 0; row < norms.length; row++) {
            norms[row] = norm(values, row * D, D);
        }
        return norms;
    }

    /** The length of the row that starts at {@code start}. */
    static double norm(float[] values, int start, int D) {
        double sum = 0;
        for (int d = start; d < start + D; d++) {
            sum += (double) values[d] * values[d];
        }
        return Math.sqrt(sum);
    }

    /** The distance between two rows at the same place of two arrays. */
    static double distance(float[] a, float[] b, int start, int D) {
        double sum = 0;
        for (int d = start; d < start + D; d++) {
            double difference = (double) a[d] - b[d];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    /** {@code direction ← x / ‖x‖}, or zero where the norm is zero. */
    static void unit(float[] values, int start, double norm, double[] direction) {
        double scale = norm == 0 ? 0 : 1 / norm;
        for (int d = 0; d < direction.length; d++) {
            direction[d] = values[start + d] * scale;
        }
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }

    static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    /**
     * The angle between two unit vectors in degrees: {@code 2·atan2(‖a − b‖, ‖a + b‖)} (W. Kahan). It equals arccos⟨a, b⟩, but
     * keeps full precision near 0° and 180°, where the cosine is flat, and is exactly 0 for equal vectors.
     */
    static double degrees(double[] a, double[] b) {
        double difference = 0;
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            double minus = a[d] - b[d];
            double plus = a[d] + b[d];
            difference += minus * minus;
            sum += plus * plus;
        }
        return Math.toDegrees(2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum)));
    }
}
