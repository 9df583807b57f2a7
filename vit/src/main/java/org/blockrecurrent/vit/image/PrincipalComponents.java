package org.blockrecurrent.vit.image;

import java.util.Arrays;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * The directions in which rows of features vary most: leading eigenvectors of their covariance, in doubles. A direction
 * and its opposite serve as well; the one is taken whose largest element by magnitude is positive.
 *
 * @param mean of the rows (D)
 * @param directions unit vectors (k, D), the one of most variance first
 * @param shares of the total variance that lie along each direction
 */
record PrincipalComponents(double[] mean, double[][] directions, double[] shares) {

    /**
     * Of some rows of a matrix.
     *
     * @param values (rows, D), row-major
     * @param used which rows count
     * @param k number of directions
     */
    static PrincipalComponents of(float[] values, int D, boolean[] used, int k) {
        int n = 0;
        for (boolean row : used) {
            n += row ? 1 : 0;
        }
        if (n < 2 || k > D) {
            throw new InvalidInputException("principal components need two rows or more, and no more directions than "
                    + "features; got " + n + " rows of " + D + " features for " + k + " directions");
        }
        double[] mean = mean(values, D, used, n);
        double[][] centred = centred(values, D, used, n, mean);
        // The smaller of the two Gram matrices has the same leading eigenvalues.
        boolean byRows = n < D;
        double[][] gram = gram(byRows ? centred : transposed(centred));
        LeadingEigenvectors.Result leading = LeadingEigenvectors.of(gram, Math.min(k, gram.length));
        double total = 0;
        for (int i = 0; i < gram.length; i++) {
            total += gram[i][i];
        }
        double[][] directions = new double[k][D];
        double[] shares = new double[k];
        for (int i = 0; i < leading.values().length; i++) {
            directions[i] = turned(byRows ? combined(centred, leading.vectors()[i]) : leading.vectors()[i]);
            shares[i] = total > 0 ? leading.values()[i] / total : 0;
        }
        return new PrincipalComponents(mean, directions, shares);
    }

    /** Where a row lies along a direction, from the mean. */
    double score(float[] values, int row, int direction) {
        int D = mean.length;
        double sum = 0;
        for (int d = 0; d < D; d++) {
            sum += (values[row * D + d] - mean[d]) * directions[direction][d];
        }
        return sum;
    }

    private static double[] mean(float[] values, int D, boolean[] used, int n) {
        double[] mean = new double[D];
        for (int row = 0; row < used.length; row++) {
            for (int d = 0; used[row] && d < D; d++) {
                mean[d] += values[row * D + d] / (double) n;
            }
        }
        return mean;
    }

    private static double[][] centred(float[] values, int D, boolean[] used, int n, double[] mean) {
        double[][] centred = new double[n][D];
        int at = 0;
        for (int row = 0; row < used.length; row++) {
            if (used[row]) {
                for (int d = 0; d < D; d++) {
                    centred[at][d] = values[row * D + d] - mean[d];
                }
                at++;
            }
        }
        return centred;
    }

    private static double[][] transposed(double[][] a) {
        double[][] b = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                b[j][i] = a[i][j];
            }
        }
        return b;
    }

    /** (n, m) → (n, n): products of rows with rows. */
    private static double[][] gram(double[][] rows) {
        double[][] gram = new double[rows.length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int d = 0; d < rows[i].length; d++) {
                    sum += rows[i][d] * rows[j][d];
                }
                gram[i][j] = sum;
                gram[j][i] = sum;
            }
        }
        return gram;
    }

    /** The sum of rows by weights, of length 1: an eigenvector of the covariance from one of the rows' products. */
    private static double[] combined(double[][] rows, double[] weights) {
        double[] sum = new double[rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            for (int d = 0; d < sum.length; d++) {
                sum[d] += weights[i] * rows[i][d];
            }
        }
        double length = Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum());
        return length == 0 ? sum : Arrays.stream(sum).map(x -> x / length).toArray();
    }

    private static double[] turned(double[] direction) {
        double largest = 0;
        for (double x : direction) {
            largest = Math.abs(x) > Math.abs(largest) ? x : largest;
        }
        return largest < 0 ? Arrays.stream(direction).map(x -> -x).toArray() : direction;
    }
}
