package org.blockrecurrent.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.vit.TokenLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpdateRankTest {
    /** States are floats, the rank is a ratio of sums of squares of updates of order one. */
    private static final double FLOAT_STATES = 0x1p-19;

    /** Squared singular values through the Gram matrix: D·2⁻⁵³ of the largest, times a generous constant. */
    private static final double GRAM = 1e-11;

    private static final int[] NO_LABELS = {};

    private final Backend backend = new ReferenceBackend();

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void updates_along_one_direction_have_rank_one() {
        int D = 6;
        UpdateRank rank = new UpdateRank();
        Planted planted = new Planted(backend, new TokenLayout(0, 5), D);
        rank.accept(
                planted.trajectory(1, 0, 4, (layer, image, token) -> Planted.basis(D, layer, 1 + image)), NO_LABELS);
        assertThat(Planted.value(rank, UpdateRank.STABLE, "", "patches", 0)).isCloseTo(1, within(FLOAT_STATES));
        assertThat(Planted.value(rank, UpdateRank.EFFECTIVE, "", "patches", 0)).isCloseTo(1, within(FLOAT_STATES));
    }

    /** Token i turns from e_{2i} to e_{2i+1}: the updates are orthogonal and of equal length. */
    @Test
    void orthogonal_updates_have_as_many_ranks_as_there_are() {
        int tokens = 5;
        int D = 2 * (tokens + 1);
        UpdateRank rank = new UpdateRank();
        Planted planted = new Planted(backend, new TokenLayout(0, tokens), D);
        rank.accept(
                planted.trajectory(1, 0, 3, (layer, image, token) -> Planted.basis(D, 2 * token + layer, 2)),
                NO_LABELS);
        assertThat(Planted.value(rank, UpdateRank.STABLE, "", "patches", 0)).isCloseTo(tokens, within(FLOAT_STATES));
        assertThat(Planted.value(rank, UpdateRank.EFFECTIVE, "", "patches", 0)).isCloseTo(tokens, within(FLOAT_STATES));
    }

    /** About their mean, n equal orthogonal updates span n − 1 directions alike. */
    @Test
    void centring_removes_the_drift_that_tokens_share() {
        int tokens = 5;
        int D = 2 * (tokens + 1);
        UpdateRank rank = new UpdateRank();
        Planted planted = new Planted(backend, new TokenLayout(0, tokens), D);
        rank.accept(
                planted.trajectory(1, 0, 3, (layer, image, token) -> Planted.basis(D, 2 * token + layer, 2)),
                NO_LABELS);
        assertThat(Planted.value(rank, UpdateRank.STABLE, UpdateRank.CENTRED, "patches", 0))
                .isCloseTo(tokens - 1, within(FLOAT_STATES));
    }

    @Test
    void gram_matrix_gives_the_singular_values_of_its_rows() {
        int D = 7;
        int rows = 30;
        GramMatrix gram = new GramMatrix(D);
        double[][] matrix = new double[rows][];
        for (int row = 0; row < rows; row++) {
            matrix[row] = Planted.normal(D, "rows", row);
            System.arraycopy(matrix[row], 0, gram.next(), 0, D);
            gram.addNext();
        }
        double[] singular = new SingularValueDecomposition(new Array2DRowRealMatrix(matrix)).getSingularValues();
        double[] squares = gram.squaredSingularValues();
        java.util.Arrays.sort(squares);
        for (int i = 0; i < D; i++) {
            assertThat(squares[D - 1 - i])
                    .isCloseTo(singular[i] * singular[i], within(GRAM * singular[0] * singular[0]));
        }
        assertThat(UpdateRank.stableRank(new double[] {4, 2, 2})).isEqualTo(2);
        assertThat(UpdateRank.effectiveRank(new double[] {3, 3, 3, 0})).isCloseTo(3, within(1e-14));
    }
}
