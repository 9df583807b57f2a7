package org.blockrecurrent.vit.image;

import java.util.Arrays;
import java.util.Comparator;
import org.blockrecurrent.tensor.random.Philox;

/**
 * The eigenvectors of a symmetric, positive semi-definite matrix that belong to its largest eigenvalues, by subspace
 * iteration: a few more vectors than are wanted are multiplied by the matrix and made orthonormal again until they stand
 * still; the small matrix that they span is solved by Jacobi's rotations. In doubles.
 *
 * <p>Source: Golub and Van Loan, <i>Matrix Computations</i>, 8.2.4 and 8.5.
 */
final class LeadingEigenvectors {
    /** Vectors carried along beyond those wanted: with them it converges with the ratio of eigenvalues further apart. */
    private static final int SPARE = 7;

    private static final int MOST_ITERATIONS = 500;
    private static final int MOST_SWEEPS = 60;
    /** ‖Av − λv‖ of every wanted vector, relative to the largest eigenvalue. */
    private static final double RESIDUAL = 1e-9;
    /** What is left of a vector that lay in the span of others; and of a matrix off its diagonal. */
    private static final double ROUNDING = 1e-14;

    private LeadingEigenvectors() {}

    /**
     * Eigenvalues, largest first, and a unit eigenvector for each.
     *
     * @param values k numbers
     * @param vectors k vectors of n numbers
     */
    record Result(double[] values, double[][] vectors) {}

    /** Of an n × n matrix; k ≤ n. */
    static Result of(double[][] matrix, int k) {
        int n = matrix.length;
        double[][] basis = start(n, Math.min(n, k + SPARE));
        for (int iteration = 0; ; iteration++) {
            double[][] image = product(matrix, basis);
            double[] values = rotateToEigenvectors(basis, image);
            if (iteration == MOST_ITERATIONS || residual(basis, image, values, k) <= RESIDUAL * Math.abs(values[0])) {
                return new Result(Arrays.copyOf(values, k), Arrays.copyOf(basis, k));
            }
            basis = orthonormal(image);
        }
    }

    private static double residual(double[][] vectors, double[][] image, double[] values, int k) {
        double largest = 0;
        for (int i = 0; i < k; i++) {
            double[] difference = image[i].clone();
            add(difference, vectors[i], -values[i]);
            largest = Math.max(largest, norm(difference));
        }
        return largest;
    }

    private static double[][] start(int n, int m) {
        Philox random = Philox.stream(0, "subspace iteration");
        double[][] basis = new double[m][n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                basis[i][j] = random.normal((long) i * n + j);
            }
        }
        return orthonormal(basis);
    }

    /**
     * Turns a basis, and with it the matrix's products with it, to the best approximations to eigenvectors in its span
     * (Rayleigh and Ritz), in place; returns the eigenvalues.
     */
    private static double[] rotateToEigenvectors(double[][] basis, double[][] image) {
        int m = basis.length;
        double[][] small = new double[m][m];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                small[i][j] = (dot(basis[i], image[j]) + dot(basis[j], image[i])) / 2;
            }
        }
        double[][] rotation = diagonalize(small);
        Integer[] order = new Integer[m];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -small[i][i]));
        combine(basis, rotation, order);
        combine(image, rotation, order);
        double[] values = new double[m];
        Arrays.setAll(values, i -> small[order[i]][order[i]]);
        return values;
    }

    /** Vector i becomes the sum of all vectors, weighted by column {@code order[i]} of the rotation. */
    private static void combine(double[][] vectors, double[][] rotation, Integer[] order) {
        double[][] before = vectors.clone();
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = new double[before[0].length];
            for (int j = 0; j < before.length; j++) {
                add(vectors[i], before[j], rotation[j][order[i]]);
            }
        }
    }

    /** Makes a small symmetric matrix diagonal, in place; returns the rotation, an eigenvector in each column. */
    private static double[][] diagonalize(double[][] a) {
        int m = a.length;
        double[][] rotation = new double[m][m];
        for (int i = 0; i < m; i++) {
            rotation[i][i] = 1;
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && !isDiagonal(a); sweep++) {
            for (int p = 0; p < m; p++) {
                for (int q = p + 1; q < m; q++) {
                    rotate(a, rotation, p, q);
                }
            }
        }
        return rotation;
    }

    private static boolean isDiagonal(double[][] a) {
        double off = 0;
        double on = 0;
        for (int i = 0; i < a.length; i++) {
            on += Math.abs(a[i][i]);
            for (int j = 0; j < i; j++) {
                off += Math.abs(a[i][j]);
            }
        }
        return off <= on * ROUNDING;
    }

    /** The rotation in the plane of two axes that makes their common element zero. */
    private static void rotate(double[][] a, double[][] rotation, int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double ratio = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double tangent = Math.copySign(1, ratio) / (Math.abs(ratio) + Math.hypot(ratio, 1));
        double cosine = 1 / Math.hypot(tangent, 1);
        double sine = tangent * cosine;
        for (int i = 0; i < a.length; i++) {
            turn(a[i], p, q, cosine, sine);
            turn(rotation[i], p, q, cosine, sine);
        }
        for (int i = 0; i < a.length; i++) {
            double ofP = a[p][i];
            a[p][i] = cosine * ofP - sine * a[q][i];
            a[q][i] = sine * ofP + cosine * a[q][i];
        }
    }

    private static void turn(double[] row, int p, int q, double cosine, double sine) {
        double ofP = row[p];
        row[p] = cosine * ofP - sine * row[q];
        row[q] = sine * ofP + cosine * row[q];
    }

    private static double[][] product(double[][] matrix, double[][] basis) {
        double[][] image = new double[basis.length][matrix.length];
        for (int row = 0; row < matrix.length; row++) {
            for (int i = 0; i < basis.length; i++) {
                image[i][row] = dot(matrix[row], basis[i]);
            }
        }
        return image;
    }

    /** By Gram and Schmidt, each vector twice; one that lies in the span of those before it becomes zero. */
    private static double[][] orthonormal(double[][] vectors) {
        for (int i = 0; i < vectors.length; i++) {
            double before = norm(vectors[i]);
            for (int again = 0; again < 2; again++) {
                for (int j = 0; j < i; j++) {
                    add(vectors[i], vectors[j], -dot(vectors[i], vectors[j]));
                }
            }
            double after = norm(vectors[i]);
            double scale = after > before * ROUNDING ? 1 / after : 0;
            for (int d = 0; d < vectors[i].length; d++) {
                vectors[i][d] *= scale;
            }
        }
        return vectors;
    }

    private static void add(double[] target, double[] vector, double factor) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * vector[i];
        }
    }

    private static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
