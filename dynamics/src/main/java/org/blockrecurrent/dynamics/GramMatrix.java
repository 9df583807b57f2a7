package org.blockrecurrent.dynamics;

import java.util.Arrays;
import org.apache.commons.math3.exception.MaxCountExceededException;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * The Gram matrix {@code G = Σ_rows r rᵀ} (D, D) and the mean of rows that are added one by one, in double precision. Its
 * eigenvalues are the squared singular values of the matrix of all rows, which is never stored.
 */
final class GramMatrix {
    /** Rows are added to G in fours: one pass over G for four rows. */
    private static final int BLOCK = 4;

    private final int D;
    private final double[][] upper;
    private final double[] sum;
    private final double[][] pending;
    private int waiting;
    private long rows;

    GramMatrix(int D) {
        this.D = D;
        upper = new double[D][D];
        sum = new double[D];
        pending = new double[BLOCK][D];
    }

    /** The vector to write the next row into, before {@link #addNext}. */
    double[] next() {
        return pending[waiting];
    }

    /** Adds the row that was written into {@link #next}. */
    void addNext() {
        double[] row = pending[waiting];
        for (int d = 0; d < D; d++) {
            sum[d] += row[d];
        }
        rows++;
        waiting++;
        if (waiting == BLOCK) {
            flush();
        }
    }

    private void flush() {
        for (int i = waiting; i < BLOCK; i++) {
            Arrays.fill(pending[i], 0);
        }
        waiting = 0;
        double[] a = pending[0];
        double[] b = pending[1];
        double[] c = pending[2];
        double[] e = pending[3];
        for (int i = 0; i < D; i++) {
            double[] gram = upper[i];
            double ai = a[i];
            double bi = b[i];
            double ci = c[i];
            double ei = e[i];
            for (int j = i; j < D; j++) {
                gram[j] += ai * a[j] + bi * b[j] + ci * c[j] + ei * e[j];
            }
        }
    }

    void merge(GramMatrix other) {
        flush();
        other.flush();
        for (int i = 0; i < D; i++) {
            sum[i] += other.sum[i];
            for (int j = i; j < D; j++) {
                upper[i][j] += other.upper[i][j];
            }
        }
        rows += other.rows;
    }

    GramMatrix copy() {
        GramMatrix copy = new GramMatrix(D);
        copy.merge(this);
        return copy;
    }

    /** Squared singular values of the matrix of all rows; NaN where an element is not finite. */
    double[] squaredSingularValues() {
        return eigenvalues(0);
    }

    /** Squared singular values of the matrix of all rows after the mean row is subtracted from each. */
    double[] centredSquaredSingularValues() {
        return eigenvalues(rows == 0 ? 0 : 1.0 / rows);
    }

    /** Eigenvalues of {@code G − meanWeight · sum sumᵀ}; negative ones, which are rounding, become zero. */
    private double[] eigenvalues(double meanWeight) {
        flush();
        double[][] full = new double[D][D];
        boolean finite = true;
        for (int i = 0; i < D; i++) {
            for (int j = i; j < D; j++) {
                full[i][j] = upper[i][j] - meanWeight * sum[i] * sum[j];
                full[j][i] = full[i][j];
                finite &= Double.isFinite(full[i][j]);
            }
        }
        double[] values = new double[D];
        if (!finite) {
            Arrays.fill(values, Double.NaN);
            return values;
        }
        values = eigenvalues(new Array2DRowRealMatrix(full, false));
        for (int i = 0; i < D; i++) {
            values[i] = Math.max(0, values[i]);
        }
        return values;
    }

    /** The QL iteration does not always converge for few rows, where most eigenvalues are rounding; singular values then do. */
    private static double[] eigenvalues(RealMatrix symmetric) {
        try {
            return new EigenDecomposition(symmetric).getRealEigenvalues();
        } catch (MaxCountExceededException e) {
            return new SingularValueDecomposition(symmetric).getSingularValues();
        }
    }
}
