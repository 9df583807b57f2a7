package org.blockrecurrent.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.blockrecurrent.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeadingEigenvectorsTest {
    /** The residual at which the iteration stops, and rounding of sums of some hundred terms. */
    private static final double CLOSE = 2e-9;

    /** Q diag(values) Qᵀ, Q a product of random reflections. */
    private static double[][] matrix(double[] values, long seed) {
        int n = values.length;
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            a[i][i] = values[i];
        }
        Philox random = Philox.stream(seed, "reflections");
        for (int k = 0; k < 3; k++) {
            double[] v = new double[n];
            double square = 0;
            for (int i = 0; i < n; i++) {
                v[i] = random.normal((long) k * n + i);
                square += v[i] * v[i];
            }
            reflect(a, v, square);
        }
        return a;
    }

    private static void reflect(double[][] a, double[] v, double square) {
        for (int side = 0; side < 2; side++) {
            for (int i = 0; i < v.length; i++) {
                double dot = 0;
                for (int j = 0; j < v.length; j++) {
                    dot += v[j] * (side == 0 ? a[i][j] : a[j][i]);
                }
                for (int j = 0; j < v.length; j++) {
                    double change = 2 * dot / square * v[j];
                    if (side == 0) {
                        a[i][j] -= change;
                    } else {
                        a[j][i] -= change;
                    }
                }
            }
        }
    }

    private static void assertEigenvectors(double[][] a, LeadingEigenvectors.Result result) {
        for (int k = 0; k < result.values().length; k++) {
            double[] v = result.vectors()[k];
            for (int i = 0; i < a.length; i++) {
                double image = 0;
                for (int j = 0; j < a.length; j++) {
                    image += a[i][j] * v[j];
                }
                assertThat(image).isCloseTo(result.values()[k] * v[i], within(CLOSE * result.values()[0]));
            }
            for (int other = 0; other <= k; other++) {
                double dot = 0;
                for (int i = 0; i < a.length; i++) {
                    dot += v[i] * result.vectors()[other][i];
                }
                assertThat(dot).isCloseTo(k == other ? 1 : 0, within(CLOSE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 17, 60})
    void the_largest_eigenvalues_of_a_known_spectrum_are_found_in_order(int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = 10.0 / (1 + (i * 7 % n));
        }
        double[][] a = matrix(values, n);
        LeadingEigenvectors.Result result = LeadingEigenvectors.of(a, 3);
        for (int k = 0; k < 3; k++) {
            assertThat(result.values()[k]).isCloseTo(10.0 / (1 + k), within(CLOSE * 10));
        }
        assertEigenvectors(a, result);
    }

    @Test
    void equal_eigenvalues_have_some_orthonormal_vectors() {
        double[][] a = matrix(new double[] {5, 5, 5, 5, 1, 1, 0.5, 0.1, 0, 0, 0, 0, 0, 0, 0}, 4);
        LeadingEigenvectors.Result result = LeadingEigenvectors.of(a, 3);
        assertThat(result.values()).containsExactly(new double[] {5, 5, 5}, within(CLOSE * 5));
        assertEigenvectors(a, result);
    }

    @Test
    void a_matrix_of_low_rank_has_eigenvalues_of_zero() {
        double[][] a = matrix(new double[] {3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 5);
        LeadingEigenvectors.Result result = LeadingEigenvectors.of(a, 3);
        assertThat(result.values()).containsExactly(new double[] {3, 0, 0}, within(CLOSE * 3));
    }

    @Test
    void a_matrix_of_zeros_is_no_accident() {
        LeadingEigenvectors.Result result = LeadingEigenvectors.of(new double[6][6], 2);
        assertThat(result.values()).containsExactly(0, 0);
        for (double[] vector : result.vectors()) {
            for (double x : vector) {
                assertThat(x).isFinite();
            }
        }
    }
}
